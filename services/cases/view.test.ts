/** The management view of a case in one call (F073-F082). */
import { expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import type { PartName } from "#shared/contracts/cases/view.ts";
import { forbidden, moved, notFound } from "#shared/errors.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { as, standIn } from "#shared/testing/bus.ts";
import { outsideChecker } from "#shared/validation.ts";
import { contracts } from "#shared/contracts/index.ts";
import { aCase } from "./a-case.ts";
import { ada, administrator, agent, start } from "./tabs.samples.ts";

const everything: PartName[] = [
  ...(["customer", "contactPoints", "account", "conversation"] as const),
  ...(["attachments", "script", "tabs", "activities", "agenda"] as const),
];
const page = { items: [], nextCursor: "more" };
const account = {
  ...{ id: "line", customerId: ada.id, number: "AB-12", extraFields: [], version: 1 },
  ...{ createdAt: ada.createdAt, updatedAt: ada.updatedAt },
};

const customers = {
  get: () => ada,
  listContactPoints: () => ({ items: [], version: 4 }),
  getAccount: () => account,
} satisfies Partial<ActionHandlers<"customers">>;
const channels = standIn("channels", { conversation: () => page });
const files = standIn("files", { listOfCase: () => page });

const begin = (more: Partial<ActionHandlers<"customers">> = {}, others?: ServiceSchema[]) =>
  start({ customers: { ...customers, ...more }, others: others ?? [channels, files] });

test("F073, F076, F080, F081: a case with every part of its view in one call", async () => {
  const { bus, aKept } = await begin();
  const kase = await aKept({ accountId: "line", accountNumber: "AB-12" });

  const view = await bus.call("cases.get", { id: kase.id, include: everything }, agent);

  expect(view).toEqual({
    ...kase,
    customer: { state: "ready", ...ada },
    contactPoints: { state: "ready", items: [], version: 4 },
    account: { state: "ready", ...account },
    conversation: { state: "ready", ...page },
    attachments: { state: "ready", ...page },
    script: { state: "ready", html: "<p>Hello Ada &lt;Lovelace&gt;</p>" },
    tabs: { state: "ready", items: expect.any(Array) },
    activities: { state: "ready", items: [], nextCursor: null },
    agenda: { state: "ready", items: [], nextCursor: null },
  });
});

test("F074: only the parts that are asked for are there, and none without asking", async () => {
  const { bus, aKept } = await begin();
  const kase = await aKept();

  expect(await bus.call("cases.get", { id: kase.id }, agent)).toEqual(kase);
  const include = ["script", "script"] as PartName[];
  const view = await bus.call("cases.get", { id: kase.id, include }, agent);
  expect(Object.keys(view).filter((name) => !(name in kase))).toEqual(["script"]);
});

test("F074: a part that there is not cannot be asked for", () => {
  const check = outsideChecker(contracts.cases.actions.get.params);

  expect(() => check({ id: "1", include: ["customer", "secrets"] })).toThrow(
    expect.objectContaining({
      code: 422,
      data: { errors: [expect.objectContaining({ path: "include[1]" })] },
    }),
  );
});

test("F074, P12: a part whose service is down is marked, and the rest is there", async () => {
  const { bus, aKept } = await begin({}, [files]);
  const { id } = await aKept();

  const view = await bus.call("cases.get", { id, include: everything }, agent);

  expect(view.conversation).toEqual({ state: "unavailable" });
  expect(view.attachments).toMatchObject({ state: "ready" });
  expect(view.account).toEqual({ state: "none" });
});

test("F074, P12: a part is waited for two seconds, not longer; one that fails spoils no other", async () => {
  const slow = standIn("channels", { conversation: () => new Promise(() => undefined) });
  const failing = standIn("files", {
    listOfCase: () => {
      throw new Error("broken");
    },
  });
  const { bus, aKept } = await begin({}, [slow, failing]);
  const { id } = await aKept();
  const began = performance.now();

  const view = await bus.call("cases.get", { id, include: everything }, agent);

  expect(view.conversation).toEqual({ state: "unavailable" });
  expect(view.attachments).toEqual({ state: "unavailable" });
  expect(view.customer).toMatchObject({ state: "ready" });
  expect(performance.now() - began).toBeLessThan(8_000);
});

test("F125: of a case that may only be read there is what may be read; script and tabs are denied", async () => {
  const { bus, aKept } = await begin();
  const { id } = await aKept({ campaignId: "sales" });

  const view = await bus.call("cases.get", { id, include: everything }, agent);

  expect(view).toMatchObject({
    readOnly: true,
    customer: { state: "ready" },
    conversation: { state: "ready" },
    attachments: { state: "ready" },
    script: { state: "denied" },
    tabs: { state: "denied" },
  });
  expect(view.script).toEqual({ state: "denied" });
});

test("B09: each part asks for its own permission, and what its owner refuses is denied", async () => {
  const { bus, aKept } = await begin({
    listContactPoints: () => {
      throw forbidden("customers.read");
    },
  });
  const { id } = await aKept();
  const half = as("agent", { permissions: ["cases.read", "customers.read"] });

  const view = await bus.call("cases.get", { id, include: everything }, half);

  expect(view.attachments).toEqual({ state: "denied" });
  expect(view.contactPoints).toEqual({ state: "denied" });
  expect(view.customer).toMatchObject({ state: "ready" });
});

test("D03, B08: of a merged customer the survivor is shown, of an erased one nothing", async () => {
  const merged = await begin({
    get: ({ params: { id } }) => {
      if (id === "ada") throw moved("customer", "ada", "countess");
      return { ...ada, id };
    },
    listContactPoints: () => {
      throw notFound("customer", "ada");
    },
  });
  const { id } = await merged.aKept();

  const view = await merged.bus.call("cases.get", { id, include: everything }, agent);

  expect(view.customer).toMatchObject({ state: "ready", id: "countess" });
  expect(view.contactPoints).toEqual({ state: "none" });
});

test("G04: of a case that is not seen no part is asked for", async () => {
  const { bus } = await begin({
    get: () => {
      throw new Error("asked");
    },
  });

  const refused = bus.call("cases.get", { id: aCase().id, include: everything }, administrator);

  await expect(refused).rejects.toMatchObject({ code: 404 });
});

test("D04: a closed case is shown whole", async () => {
  const { bus, aKept } = await begin();
  const { id } = await aKept({ status: "closed", accountId: "line" });

  const view = await bus.call("cases.get", { id, include: everything }, agent);

  const states = everything.map((name) => view[name]?.state);
  expect(new Set(states)).toEqual(new Set(["ready"]));
});
