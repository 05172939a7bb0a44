/** The workbooks of imports: the template, and the rows that were rejected (F211, D25). */
import { imports } from "#shared/contracts/imports.ts";
import { platformFields, rejectColumns } from "#shared/contracts/imports/fields.ts";
import type { RejectedRow, RowFault } from "#shared/contracts/imports/import.ts";
import type { Call, Door } from "../door.ts";
import { fewAtOnce } from "./few-at-once.ts";
import { workbookOf, type Cell } from "../workbook.ts";

const width = 22;
const reasonsWidth = 60;
/** Each keeps a processor busy for a while. */
const enter = fewAtOnce(2, "Other workbooks are being made", 5);

/** The platform's columns in the language of who asks, and no row. */
export const importTemplate: Door = async (_request, call) => {
  const { language } = await call("identity.me");
  const columns = Object.values(platformFields).map((field) => ({
    ...{ heading: field[language], width },
  }));
  const { name, file } = { en: english, es: spanish }[language];
  const body = workbookOf({ name, columns, rows: none() });
  return { status: 200, headers: headersFor(file), body };
};

const english = { name: "Accounts", file: "import-template.xlsx", rejects: "Rejected" };
const spanish = { name: "Cuentas", file: "plantilla-importacion.xlsx", rejects: "Rechazadas" };

// eslint-disable-next-line @typescript-eslint/require-await -- rows come one page after the other, or none
async function* none(): AsyncGenerator<Cell[][]> {
  yield [];
}

const headersFor = (file: string): Record<string, string> => ({
  "content-type": imports.doors.template.produces,
  "content-disposition": `attachment; filename="${file}"`,
  "cache-control": "no-store",
});

/**
 * The rejected rows as they stood in the sheet, with two columns more: the row, and the reasons.
 * @throws 404; 503 while two others are being made in this process
 */
export const rejectsWorkbook: Door = async ({ params }, call) => {
  const { id } = params as { id: string };
  const leave = enter();
  try {
    const [{ language }, { headings }] = await Promise.all([
      call("identity.me"),
      call("imports.get", { id }),
    ]);
    const columns = [
      ...headings.map((heading) => ({ heading, width })),
      { heading: rejectColumns.row[language], width },
      { heading: rejectColumns.reasons[language], width: reasonsWidth },
    ];
    const rows = rejected(call, id, headings.length);
    const name = { en: english, es: spanish }[language].rejects;
    const body = workbookOf({ name, columns, rows });
    body.once("close", leave);
    return { status: 200, headers: headersFor(`import-${id}-rejects.xlsx`), body };
  } catch (error) {
    leave();
    throw error;
  }
};

const pageTimeoutMs = 10_000;

async function* rejected(call: Call, id: string, columns: number): AsyncGenerator<Cell[][]> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { id, ...(cursor ? { cursor } : {}) };
    const page = await call("imports.rejects", asked, { timeout: pageTimeoutMs });
    yield page.items.map((row) => cellsOf(row, columns));
    cursor = page.nextCursor;
  }
}

const cellsOf = ({ row, cells, errors }: RejectedRow, columns: number): Cell[] => [
  ...Array.from({ length: columns }, (_, place) => cells[place] || undefined),
  String(row),
  errors.map(reasonOf).join("; "),
];

const reasonOf = ({ column, field, message }: RowFault): string => `${column ?? field}: ${message}`;
