/** Customers as rows of a workbook, with its words in the languages of our users. */
import type { ContactPoint, Customer } from "#shared/contracts/customers/customer.ts";
import type { Cell, Column } from "../workbook.ts";

export type Language = "en" | "es";

/** A customer's owners, as the workbook names them. */
type NamesOf = (ids: readonly string[]) => string;

interface Field {
  readonly en: string;
  readonly es: string;
  readonly width: number;
  readonly times?: boolean;
  cell(customer: Customer, language: Language, namesOf: NamesOf): Cell;
}

const kinds = {
  en: { person: "Person", company: "Company" },
  es: { person: "Persona", company: "Empresa" },
};
const answers = { en: { yes: "Yes", no: "No" }, es: { yes: "Sí", no: "No" } };
export const titles = { en: "Customers", es: "Clientes" };

const text = (en: string, es: string, name: keyof Customer, width = 18): Field => ({
  ...{ en, es, width },
  cell: (customer) => (customer[name] ?? undefined) as string | undefined,
});
const time = (en: string, es: string, name: keyof Customer): Field => ({
  ...{ en, es, width: 20, times: true },
  cell: (customer) => customer[name] as Date | undefined,
});
const reached = (
  en: string,
  es: string,
  told: (point: ContactPoint) => string | undefined,
): Field => ({
  ...{ en, es, width: 32 },
  cell: ({ contactPoints }) => joined(contactPoints.flatMap((point) => told(point) ?? [])),
});

const joined = (texts: readonly string[]): string | undefined => texts.join(", ") || undefined;

const isPhone = ({ type }: ContactPoint): boolean => type === "phone" || type === "mobile";

/** Every column, in order. */
const fields: readonly Field[] = [
  {
    ...{ en: "Kind", es: "Tipo", width: 10 },
    cell: ({ kind }, language) => kinds[language][kind],
  },
  text("Document type", "Tipo de documento", "documentType", 16),
  text("Document number", "Número de documento", "documentNumber"),
  text("First name", "Primer nombre", "firstName"),
  text("Middle name", "Segundo nombre", "middleName"),
  text("Last name", "Primer apellido", "lastName"),
  text("Second last name", "Segundo apellido", "secondLastName"),
  text("Business name", "Razón social", "businessName", 28),
  text("Birth date", "Fecha de nacimiento", "birthDate", 14),
  text("Gender", "Género", "gender", 12),
  {
    ...{ en: "Tags", es: "Características", width: 24 },
    cell: ({ tags }) => joined(tags),
  },
  reached("E-mails", "Correos", ({ type, value }) => (type === "email" ? value : undefined)),
  reached("Phones", "Teléfonos", (point) => (isPhone(point) ? point.value : undefined)),
  reached("Other contact data", "Otros datos de contacto", (point) =>
    point.type === "email" || isPhone(point) ? undefined : named(point),
  ),
  {
    ...{ en: "Assigned users", es: "Usuarios asignados", width: 24 },
    cell: ({ owners = [] }, _language, namesOf) => namesOf(owners.map(({ userId }) => userId)),
  },
  time("Created", "Creado", "createdAt"),
  time("Updated", "Actualizado", "updatedAt"),
  time("Last interaction", "Última interacción", "lastInteractionAt"),
  {
    ...{ en: "Disabled", es: "Deshabilitado", width: 12 },
    cell: ({ disabled }, language) => answers[language][disabled ? "yes" : "no"],
  },
];

const named = ({ label, value }: ContactPoint): string => (label ? `${label}: ${value}` : value);

export const columnsIn = (language: Language): Column[] =>
  fields.map((field) => ({
    heading: field[language],
    width: field.width,
    times: field.times ?? false,
  }));

export const rowOf = (customer: Customer, language: Language, namesOf: NamesOf): Cell[] =>
  fields.map((field) => field.cell(customer, language, namesOf));
