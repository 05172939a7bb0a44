/** What the columns of a workbook mean: by the template's headings, or as somebody says (F215, F216). Pure. */
import {
  extraPrefix,
  platformFieldNames,
  platformFields,
  rejectColumns,
  type PlatformFieldName,
} from "#shared/contracts/imports/fields.ts";
import { importColumns, type ImportOptions } from "#shared/contracts/imports/import.ts";
import { invalid, type FieldFault } from "#shared/errors.ts";
import { compact } from "#shared/folding.rules.ts";
import { nameKey } from "#shared/names.rules.ts";

/** Where the data of a row stand. */
export interface Columns {
  fields: ReadonlyMap<PlatformFieldName, number>;
  /** Additional data of the account (F029). */
  extras: readonly { name: string; column: number }[];
  /** What the heading of the document numbers says about their type. */
  documentType?: string;
}

/** Other headings that people give to the same data. */
const otherNames: Partial<Record<PlatformFieldName, readonly string[]>> = {
  kind: ["tipo de cliente", "customer kind", "tipo de persona"],
  documentType: [
    "tipo documento",
    "tipo doc",
    "tipo identificacion",
    "tipo de identificacion",
    "id type",
  ],
  documentNumber: [
    ...["documento", "numero documento", "no documento", "cedula", "numero de cedula", "nit"],
    ...[
      "identificacion",
      "numero de identificacion",
      "dni",
      "rut",
      "pasaporte",
      "passport",
      "document",
      "id number",
    ],
  ],
  firstName: ["nombre", "nombres", "name", "given name"],
  lastName: ["apellido", "apellidos", "surname", "family name"],
  secondLastName: ["second surname"],
  businessName: ["empresa", "company", "company name", "nombre de la empresa"],
  birthDate: ["cumpleanos", "birthday", "date of birth", "fecha nacimiento"],
  gender: ["sexo", "sex"],
  tags: ["etiquetas", "caracteristica", "etiquetas del cliente", "labels", "features"],
  email: ["correo electronico", "email", "mail", "correos", "e-mails", "email address"],
  phone: ["telefono fijo", "tel", "telephone", "phone number", "telefonos", "phones"],
  mobile: ["movil", "mobile phone", "cell phone", "celular 1"],
  address: ["domicilio", "street address"],
  accountNumber: ["cuenta", "numero cuenta", "account", "no cuenta", "producto", "contrato"],
  assignedUser: ["agente", "asesor", "agent", "assigned to", "owner"],
  caseSubject: ["asunto", "subject"],
  caseDescription: ["descripcion", "description", "observaciones"],
};

const headingKey = (heading: string): string =>
  nameKey(heading.replaceAll(/[^\p{L}\p{N}\s-]/gu, " "));

const known = new Map<string, PlatformFieldName>(
  platformFieldNames.flatMap((name) => {
    const { en, es } = platformFields[name];
    const names = [en, es, name, ...(otherNames[name] ?? [])];
    return names.map((one) => [headingKey(one), name] as const);
  }),
);

const meaningless = new Set(
  Object.values(rejectColumns).flatMap(({ en, es }) => [headingKey(en), headingKey(es)]),
);

/** Names of additional data as a mapping can have them. */
const extraName = /^[\p{L}\p{N}_ :/@#+-]{1,80}$/u;

const mostSuggested = 100;

/** What headings seem to mean: the first of each meaning, and all others as additional data (F216). */
export function suggested(headings: readonly string[]): Record<string, string> {
  const mapping = new Map<string, string>();
  for (const heading of headings) {
    const key = headingKey(heading);
    if (key === "" || meaningless.has(key)) continue;
    const name = nameFor(heading, mapping);
    if (name && mapping.size < mostSuggested) mapping.set(name, heading);
  }
  return Object.fromEntries(mapping);
}

function nameFor(heading: string, taken: ReadonlyMap<string, string>): string | undefined {
  const field = known.get(headingKey(heading));
  if (field && !taken.has(field)) return field;
  return extraName.test(heading) ? `${extraPrefix}${heading}` : undefined;
}

type Mapped = Pick<ImportOptions, "template" | "mapping">;

/** The columns by the options; a custom template without a mapping is taken as it seems to be. */
export function columnsOf(headings: readonly string[], { template, mapping }: Mapped): Columns {
  const chosen = (template === "custom" && mapping) || suggested(headings);
  const places = new Map(headings.map((heading, column) => [headingKey(heading), column]));
  const fields = new Map<PlatformFieldName, number>();
  const extras: { name: string; column: number }[] = [];
  for (const [name, heading] of Object.entries(chosen)) {
    const column = places.get(headingKey(heading));
    if (column === undefined) continue;
    if (isField(name)) fields.set(name, column);
    else extras.push({ name: name.slice(extraPrefix.length).trim(), column });
  }
  const documentType = typeSaidBy(headings[fields.get("documentNumber") ?? importColumns]);
  return { fields, extras, ...(documentType ? { documentType } : {}) };
}

const isField = (name: string): name is PlatformFieldName => Object.hasOwn(platformFields, name);

/** Some headings of document numbers say what documents they are. */
const types: readonly [RegExp, string][] = [
  [/^(numerode)?cedula(deciudadania)?$/, "CC"],
  [/^nit$/, "NIT"],
  [/^(pasaporte|passport)$/, "PA"],
];

const typeSaidBy = (heading = ""): string | undefined =>
  types.find(([pattern]) => pattern.test(compact(heading)))?.[1];

/**
 * Refuses a mapping that names what is not there.
 * @throws 422 VALIDATION_ERROR at `mapping.<datum>`
 */
export function requireMapping(
  headings: readonly string[],
  { mapping = {} }: Pick<ImportOptions, "mapping">,
): void {
  const keys = new Set(headings.map(headingKey));
  const faults = Object.entries(mapping).flatMap(([name, heading]): FieldFault[] => {
    const path = `mapping.${name}`;
    const isExtra = name.startsWith(extraPrefix) && extraName.test(name.slice(extraPrefix.length));
    if (!isField(name) && !isExtra) {
      return [{ path, message: "is not a datum of the platform", code: "unknownField" }];
    }
    if (keys.has(headingKey(heading))) return [];
    return [{ path, message: "is not a heading of the workbook", code: "unknownColumn" }];
  });
  if (faults.length > 0) throw invalid(faults.slice(0, 100));
}

/** What every import has to have and these columns do not. */
export function missingIn(
  { fields, documentType }: Columns,
  options: Pick<ImportOptions, "documentType">,
): PlatformFieldName[] {
  const hasType = documentType ?? options.documentType;
  return (["documentType", "documentNumber"] as const).filter(
    (name) => !fields.has(name) && !(name === "documentType" && hasType),
  );
}
