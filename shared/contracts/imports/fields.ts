/** What a column of an import can mean (F211, F216): the platform's data, with their headings. */

interface Texts {
  readonly en: string;
  readonly es: string;
}

/** Its texts are the headings of the template: a column of such a heading means this datum. */
interface PlatformField extends Texts {
  readonly required?: true;
  /** What is expected of its cells. */
  readonly advice?: Texts;
}

const written = (en: string, es: string): { advice: Texts } => ({
  advice: { en, es },
});

const phoneAdvice = written(
  "With + and the country's code, or as the import's country writes it",
  "Con + y el indicativo del país, o como se escribe en el país de la importación",
);

export const platformFields = {
  kind: {
    ...{ en: "Kind", es: "Tipo" },
    ...written(
      "Person or Company; left out, a row with a business name and no first or last name is a company",
      "Persona o Empresa; sin él, una fila con razón social y sin nombres es una empresa",
    ),
  },
  documentType: {
    ...{ en: "Document type", es: "Tipo de documento", required: true },
    ...written(
      "The code of a type of document, such as CC, NIT or PA",
      "El código de un tipo de documento, como CC, NIT o PA",
    ),
  },
  documentNumber: {
    ...{ en: "Document number", es: "Número de documento", required: true },
    ...written(
      "Together with its type it tells customers apart",
      "Con su tipo distingue a los clientes",
    ),
  },
  firstName: { en: "First name", es: "Primer nombre" },
  middleName: { en: "Middle name", es: "Segundo nombre" },
  lastName: { en: "Last name", es: "Primer apellido" },
  secondLastName: { en: "Second last name", es: "Segundo apellido" },
  businessName: { en: "Business name", es: "Razón social" },
  birthDate: {
    ...{ en: "Birth date", es: "Fecha de nacimiento" },
    ...written(
      "A date, or a text as 1990-12-31 or 31/12/1990",
      "Una fecha, o un texto como 1990-12-31 o 31/12/1990",
    ),
  },
  gender: { en: "Gender", es: "Género" },
  tags: {
    ...{ en: "Tags", es: "Características" },
    ...written("Several are parted by commas", "Varias se separan con comas"),
  },
  email: { en: "E-mail", es: "Correo" },
  email2: { en: "E-mail 2", es: "Correo 2" },
  phone: { en: "Phone", es: "Teléfono", ...phoneAdvice },
  phone2: { en: "Phone 2", es: "Teléfono 2", ...phoneAdvice },
  mobile: { en: "Mobile", es: "Celular", ...phoneAdvice },
  mobile2: { en: "Mobile 2", es: "Celular 2", ...phoneAdvice },
  address: { en: "Address", es: "Dirección" },
  accountNumber: {
    ...{ en: "Account number", es: "Número de cuenta" },
    ...written(
      "A customer with several accounts has a row for each",
      "Un cliente con varias cuentas tiene una fila por cada una",
    ),
  },
  assignedUser: {
    ...{ en: "Assigned user", es: "Usuario asignado" },
    ...written(
      "The e-mail address, or the whole name, of a user who works in the campaign",
      "El correo, o el nombre completo, de un usuario que trabaja en la campaña",
    ),
  },
  caseSubject: { en: "Case subject", es: "Asunto del caso" },
  caseDescription: { en: "Case description", es: "Descripción del caso" },
} as const satisfies Record<string, PlatformField>;

export type PlatformFieldName = keyof typeof platformFields;

export const platformFieldNames = Object.keys(platformFields) as [
  PlatformFieldName,
  ...PlatformFieldName[],
];

/** How a mapping names a column that is an additional datum of the account: `extra:Plan` (F029). */
export const extraPrefix = "extra:";

/** The columns that the workbook of rejected rows has more; sent again, they mean nothing. */
export const rejectColumns = {
  row: { en: "Rejected row", es: "Fila rechazada" },
  reasons: { en: "Reasons", es: "Motivos" },
} as const;
