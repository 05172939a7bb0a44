/** What columns mean, what rows say, and which of them contradict one another. */
import { expect, test } from "@jest/globals";
import { ImportOptions } from "#shared/contracts/imports/import.ts";
import { checker } from "#shared/validation.ts";
import { draftOf } from "./drafts.ts";
import { columnsOf, missingIn, requireMapping, suggested } from "./mapping.rules.ts";
import { sorting } from "./sorting.rules.ts";

const optionsOf = (said: object = {}) => checker(ImportOptions)({ ...said });
const headings = [
  "Tipo de documento",
  "Documento",
  "Primer nombre",
  "Cumpleaños",
  "Celular",
  "Plan",
];
const readingOf = (said: object = {}, own: string[] = headings) => {
  const options = optionsOf(said);
  return {
    headings: own,
    columns: columnsOf(own, options),
    options,
    users: new Map<string, string | null>([
      ["ada", "1"],
      ["bo", null],
    ]),
  };
};

test("F216: headings suggest what columns mean, in both languages, and the rest is additional data", () => {
  expect(suggested(headings)).toEqual({
    documentType: "Tipo de documento",
    documentNumber: "Documento",
    firstName: "Primer nombre",
    birthDate: "Cumpleaños",
    mobile: "Celular",
    "extra:Plan": "Plan",
  });
  expect(suggested(["E-mail", "Correo", "Rejected row", "Motivos", "", "a $ b"])).toEqual({
    email: "E-mail",
    "extra:Correo": "Correo",
  });
});

test("F210: some headings of documents say their type; otherwise a type is missing", () => {
  const missing = (own: string[], said: object = {}) =>
    missingIn(columnsOf(own, optionsOf(said)), optionsOf(said));
  expect(missing(["Cédula"])).toEqual([]);
  expect(missing(["Documento"])).toEqual(["documentType"]);
  expect(missing(["Documento"], { documentType: "CC" })).toEqual([]);
  expect(missing(["Nombre"])).toEqual(["documentType", "documentNumber"]);
});

test("F216: a mapping names what there is", () => {
  const mapping = {
    documentNumber: "Documento",
    shoeSize: "Plan",
    firstName: "Vorname",
    "extra:": "Plan",
  };
  expect(() => {
    requireMapping(headings, { mapping });
  }).toThrow(
    expect.objectContaining({
      data: {
        errors: ["shoeSize", "firstName", "extra:"].map((name) =>
          expect.objectContaining({ path: `mapping.${name}` }),
        ),
      },
    }),
  );
});

test("F216, F222: a row is a customer, an account and what is said of its case", () => {
  const own = [...headings, "Número de cuenta", "Etiquetas", "Razón social", "Asunto"];
  const cells = [
    "CC",
    "123",
    "Ada",
    "31/12/1990",
    "600 111 222",
    "Gold",
    "A-1",
    "vip, late ;vip",
    "",
    "Renewal",
  ];

  expect(draftOf(cells, readingOf({ country: "ES" }, own)).draft).toEqual({
    customer: {
      ...{ documentType: "CC", documentNumber: "123", firstName: "Ada", birthDate: "1990-12-31" },
      ...{ tags: ["vip", "late"], contactPoints: [{ type: "mobile", value: "+34600111222" }] },
    },
    account: { number: "A-1", extraFields: [{ name: "Plan", value: "Gold" }] },
    subject: "Renewal",
    addresses: [expect.stringContaining("+34600111222")],
  });
  expect(
    draftOf(["NIT", "9", "", "", "", "", "", "", "Acme"], readingOf({}, own)).draft?.customer.kind,
  ).toBe("company");
});

test("D25: whatever is wrong with a row is named, with its column and value", () => {
  const own = [...headings, "Kind", "Correo", "Usuario asignado"];
  const cells = ["CC", "", "x".repeat(81), "soon", "12", "", "robot", "nobody", "bo"];
  const { faults = [] } = draftOf(cells, readingOf({ assignAccounts: true }, own));

  expect(
    Object.fromEntries(
      faults.map(({ field, column, value }) => [field, [column, value?.slice(0, 9)]]),
    ),
  ).toEqual({
    documentNumber: ["Documento", undefined],
    firstName: ["Primer nombre", "x".repeat(9)],
    birthDate: ["Cumpleaños", "soon"],
    mobile: ["Celular", "12"],
    kind: ["Kind", "robot"],
    email: ["Correo", "nobody"],
    assignedUser: ["Usuario asignado", "bo"],
  });
  for (const long of [["x".repeat(5_001)], Array.from({ length: 7 }, () => "x".repeat(4_900))]) {
    expect(draftOf(long, readingOf()).faults).toMatchObject([{ field: "row" }]);
  }
});

test("D19: rows of one customer belong together; doubles and contradictions name both rows", () => {
  const file = sorting();
  const place = (
    row: number,
    accountNumber: string,
    facts: [string, string][] = [],
    documentNumber = "1.2",
  ) =>
    file.place({
      row,
      documentType: "CC",
      documentNumber,
      accountNumber,
      facts: new Map(facts),
      characters: 10,
    });

  expect(place(2, "A-1", [["firstName", "Ada"]])).toEqual({ unit: 2, faults: [] });
  expect(place(3, "B", [], "12")).toEqual({ unit: 2, faults: [] });
  expect(place(4, "a1")).toMatchObject({ unit: 2, faults: [{ code: "duplicate", otherRow: 2 }] });
  expect(place(5, "C", [["firstName", "Eva"]])).toMatchObject({
    faults: [{ field: "firstName", code: "contradiction", otherRow: 2 }],
  });
  expect(place(6, "D", [["lastName", "Byron"]])).toEqual({ unit: 2, faults: [] });
  expect(place(7, "A-1", [], "99")).toEqual({ unit: 7, faults: [] });
  expect(file.unitOf({ row: 8, documentType: "cc", documentNumber: "12" })).toBe(2);
});

test("D19: one customer has no more rows in a file than are taken in together", () => {
  const file = sorting();
  const results = Array.from({ length: 201 }, (_, row) =>
    file.place({
      row: row + 2,
      documentType: "CC",
      documentNumber: "1",
      accountNumber: String(row + 1),
      facts: new Map(),
      characters: 10,
    }),
  );

  expect(results.filter(({ faults }) => faults.length > 0)).toMatchObject([
    { faults: [{ code: "tooMany" }] },
  ]);
});
