import { expect, test } from "@jest/globals";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { notFound } from "#shared/errors.ts";
import { standIn } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { actorOfToken, at, aUser, startGateway } from "../../tests/gateway.ts";
import { readWorkbook } from "../../tests/workbook.ts";

const aCustomer = (more: Partial<Customer> = {}): Customer => ({
  id: "c1",
  kind: "person",
  displayName: "Ada",
  tags: [],
  contactPoints: [],
  disabled: false,
  owners: [],
  version: 1,
  createdAt: at,
  updatedAt: at,
  ...more,
});
const point = (type: Customer["contactPoints"][number]["type"], value: string, label?: string) => ({
  ...{ id: `${type}-1`, type, value, createdAt: at },
  ...(label ? { label } : {}),
});

/** A gateway before these customers, which come in pages of one. */
async function startExport(
  customers: Customer[],
  { total = customers.length, language = "en" } = {},
) {
  const asked: Record<string, unknown>[] = [];
  const { ask } = await startGateway(
    {},
    standIn("customers", {
      collect({ params: { limit, cursor, countTo, ...filters } }) {
        asked.push({ limit, cursor, ...filters });
        if (countTo) return { items: [], nextCursor: null, total: Math.min(total, countTo) };
        const place = Number(cursor ?? 0);
        const next = place + 1 < customers.length ? String(place + 1) : null;
        return { items: customers.slice(place, place + 1), nextCursor: next };
      },
    }),
    standIn("identity", {
      verify: ({ params: { token } }) => actorOfToken(token),
      me: () => ({ ...aUser({ language: language as "en" }), permissions: [] }),
      namesOf: ({ params: { ids } }) =>
        ids
          .filter((id) => id === "bo")
          .map((id) => ({ id, name: "Bo", role: "agent" as const, disabled: false })),
    }),
  );
  const get = (query = "", token = "supervisor") =>
    ask(`GET /customers/export.xlsx${query}`, { token });
  const rows = async (answer: Response) =>
    readWorkbook(Readable.fromWeb(answer.body as ReadableStream));
  return { get, rows, asked };
}

const whole = aCustomer({
  documentType: "CC",
  documentNumber: "1815",
  firstName: "=Ada",
  lastName: "Byron",
  birthDate: "1815-12-10",
  tags: ["vip", "late"],
  contactPoints: [
    point("email", "ada@example.com"),
    point("mobile", "+34600111222"),
    point("phone", "+34911222333"),
    point("social", "@ada", "x"),
  ],
  owners: [{ userId: "bo" }, { userId: "gone", campaignId: "north" }, { userId: "bo" }],
  lastInteractionAt: at,
});

test("G18: the list is taken away as a workbook, every page of it, each field in its column", async () => {
  const { get, rows } = await startExport([
    whole,
    aCustomer({ kind: "company", businessName: "Ñandú", disabled: true }),
  ]);

  const answer = await get();
  const [heading = [], first, second] = await rows(answer);

  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="customers-/);
  expect(Object.fromEntries(heading.map((name, place) => [name, first![place]]))).toEqual({
    Kind: "Person",
    "Document type": "CC",
    "Document number": "1815",
    "First name": "=Ada",
    "Last name": "Byron",
    "Birth date": "1815-12-10",
    Tags: "vip, late",
    "E-mails": "ada@example.com",
    Phones: "+34600111222, +34911222333",
    "Other contact data": "x: @ada",
    "Assigned users": "Bo, gone",
    Created: at,
    Updated: at,
    "Last interaction": at,
    Disabled: "No",
  });
  expect(second).toEqual(expect.arrayContaining(["Company", "Ñandú", "Yes"]));
});

test("G18: the workbook speaks the language of who asks", async () => {
  const { get, rows } = await startExport([whole], { language: "es" });

  const answer = await get();
  const [heading, first] = await rows(answer);

  expect(answer.headers.get("content-disposition")).toContain("clientes-");
  expect(heading).toEqual(expect.arrayContaining(["Tipo de documento", "Última interacción"]));
  expect(first).toEqual(expect.arrayContaining(["Persona", "No"]));
});

test("G18: the export is asked for as the list is", async () => {
  const { get, rows, asked } = await startExport([whole, whole]);

  await rows(await get("?q=ada&tag=vip,late&disabled=all&sort=name"));

  const filters = { q: "ada", tag: ["vip", "late"], disabled: "all", sort: "name" };
  expect(asked.map(({ limit, cursor }) => [limit, cursor])).toEqual([
    [1, undefined],
    [200, undefined],
    [200, "1"],
  ]);
  for (const one of asked) expect(one).toMatchObject(filters);
});

test("G18: more customers than a workbook holds are refused, and nothing is sent", async () => {
  const { get } = await startExport([whole], { total: 200_001 });

  const answer = await get();

  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({
    code: "TOO_LARGE",
    detail: expect.stringContaining("200,000"),
  });
});

test("G04: an export needs its permission: agents, connectors and strangers get none", async () => {
  const { get } = await startExport([whole]);

  expect((await get("", "agent")).status).toBe(403);
  expect((await get("", "connector")).status).toBe(403);
  expect((await get("", "nobody")).status).toBe(401);
  expect((await get("", "administrator")).status).toBe(200);
});

test("G18: what a list cannot be asked, an export cannot either", async () => {
  const { get } = await startExport([whole]);

  for (const query of ["?limit=5", "?cursor=a", "?sort=colour", "?disabled=maybe", "?tag="]) {
    expect([query, (await get(query)).status]).toEqual([query, 422]);
  }
});

test("P10: two exports at once in a process, a third comes later; who goes away makes room", async () => {
  const many = Array.from({ length: 100_000 }, () => whole);
  const { get } = await startExport(many);

  const [first, second] = await Promise.all([get(), get()]);
  const third = await get();
  await first.body?.cancel();
  await second.body?.cancel();
  const fourth = await until(async () => {
    const answer = await get("?q=ada");
    return answer.status === 200 && answer;
  });
  await fourth.body?.cancel();

  expect(third.status).toBe(503);
  expect(third.headers.get("retry-after")).toBe("15");
});

test("a page that fails breaks the workbook off: it does not pass for whole", async () => {
  const download = await startBroken();

  await expect(download()).rejects.toThrow();
});

/** An export whose second page cannot be had. */
async function startBroken() {
  const { ask } = await startGateway(
    {},
    standIn("customers", {
      collect({ params: { cursor, countTo } }) {
        if (countTo) return { items: [], nextCursor: null, total: 2 };
        if (cursor) throw notFound("page", cursor);
        return { items: [whole], nextCursor: "lost" };
      },
    }),
    standIn("identity", {
      verify: ({ params: { token } }) => actorOfToken(token),
      me: () => ({ ...aUser(), permissions: [] }),
      namesOf: () => [],
    }),
  );
  return async () =>
    (await ask("GET /customers/export.xlsx", { token: "supervisor" })).arrayBuffer();
}
