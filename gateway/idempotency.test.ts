/** B01: a POST that is sent again with the same key takes effect once. */
import { expect, test } from "@jest/globals";
import { conflict, unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { standIn } from "#shared/testing/bus.ts";
import { aCampaign, problemOf, startGateway } from "../tests/gateway.ts";
import { find, take } from "./idempotency.store.ts";

/** As if the first run had never come to its end. */
const forget = (id: string) =>
  nativeOf<{ _id: string }>(database("gateway"), "idempotency").deleteOne({ _id: id });

/** Campaigns that count how often they are made; `answer` may refuse or wait. */
async function startCounting(answer: (count: number) => unknown = () => undefined) {
  const commands: (string | undefined)[] = [];
  const campaigns = standIn("campaigns", {
    create: async (ctx) => {
      commands.push(ctx.meta.commandId);
      await answer(commands.length);
      return { ...aCampaign, id: `c${commands.length}` };
    },
  });
  const { ask } = await startGateway({}, campaigns);
  const own = newId(); // tests share a database, keys of one must not meet those of another
  const create = (key: string, name = "Care", token = "administrator") =>
    ask("POST /campaigns", {
      token,
      body: { name },
      headers: { "idempotency-key": `${key}-${own}` },
    });
  return { commands, create, ask, own };
}

test("the same key and body get the first answer, marked as replayed", async () => {
  const { commands, create } = await startCounting();

  const first = await create("k1");
  const second = await create("k1");

  expect(first.status).toBe(201);
  expect(first.headers.get("idempotent-replayed")).toBeNull();
  expect(second.status).toBe(201);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(second.headers.get("location")).toBe("/api/v1/campaigns/c1");
  expect(second.headers.get("etag")).toBe(first.headers.get("etag"));
  expect(await second.text()).toBe(await first.text());
  expect(commands).toHaveLength(1);
});

test("the same key with another body or path is 409", async () => {
  const { commands, create, ask, own } = await startCounting();
  await create("k1");
  const elsewhere = ask("POST /customers", {
    token: "administrator",
    body: { firstName: "Care" },
    headers: { "idempotency-key": `k1-${own}` },
  });

  expect(await problemOf(create("k1", "Other"))).toMatchObject({
    status: 409,
    code: "IDEMPOTENCY_KEY_REUSED",
  });
  expect(await problemOf(elsewhere)).toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  expect(commands).toHaveLength(1);
});

test("keys of different callers never meet", async () => {
  const { commands, create } = await startCounting();

  const one = await create("k1", "Care", "administrator:ada");
  const other = await create("k1", "Other", "administrator:bo");

  expect([one.status, other.status]).toEqual([201, 201]);
  expect(new Set(commands).size).toBe(2);
});

test("ten at once: one runs, the others hear that it does", async () => {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const { commands, create } = await startCounting(() => finished);

  const all = Array.from({ length: 10 }, () => create("k1"));
  const refused = await Promise.any(
    all.map(async (one) => {
      const answer = await one;
      if (answer.status !== 409) throw new Error("not this one");
      return answer;
    }),
  );
  finish();
  const statuses = (await Promise.all(all)).map(({ status }) => status).sort();

  expect(refused.headers.get("retry-after")).toBe("1");
  expect(await refused.json()).toMatchObject({ code: "IDEMPOTENCY_KEY_IN_USE" });
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(0);
  expect(commands).toHaveLength(1);
});

test("a refusal is an answer too and is kept", async () => {
  const { commands, create } = await startCounting(() => {
    throw conflict("TAKEN", "The name is taken");
  });

  const first = await create("k1");
  const second = await create("k1");

  expect([first.status, second.status]).toEqual([409, 409]);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(await second.json()).toMatchObject({ code: "TAKEN" });
  expect(commands).toHaveLength(1);
});

test("what another try may change is not kept; the try is the same command to the service", async () => {
  const { commands, create } = await startCounting((count) => {
    if (count === 1) throw unavailable("Not now");
  });

  const first = await create("k1");
  const second = await create("k1");

  expect([first.status, second.status]).toEqual([503, 201]);
  expect(commands).toHaveLength(2);
  expect(commands[0]).toBe(commands[1]);
});

test("a run that broke off may be run again when its time is up, as the same command", async () => {
  const { commands, create } = await startCounting();
  await create("other");
  await create("k1");
  const [, id = ""] = commands;
  const { fingerprint = "" } = (await find(id)) ?? {};
  await forget(id);
  await take(id, fingerprint, new Date(Date.now() - 1));

  const answer = await create("k1");

  expect(answer.status).toBe(201);
  expect(commands).toEqual([commands[0], id, id]);
});

test("a key of another form is 400", async () => {
  const { create } = await startCounting();

  for (const key of ["with space", "x".repeat(256), "\u00e9"]) {
    expect((await create(key)).status).toBe(400);
  }
});

test("a key that is shown once is never kept; its repeat is refused", async () => {
  const commands: string[] = [];
  const channels = standIn("channels", {
    createKey: (ctx) => {
      commands.push(ctx.meta.commandId ?? "");
      return { id: newId(), key: "very-secret" };
    },
  });
  const { ask } = await startGateway({}, channels);
  const create = () =>
    ask("POST /channels/c1/keys", { token: "administrator", headers: { "idempotency-key": "k" } });

  expect(await (await create()).json()).toMatchObject({ key: "very-secret" });
  expect(await problemOf(create())).toMatchObject({ code: "IDEMPOTENCY_ANSWER_NOT_KEPT" });
  expect(commands).toHaveLength(1);
  expect(JSON.stringify(await find(commands[0] ?? ""))).not.toContain("very-secret");
});

test("signing in takes no key: its answer is never kept", async () => {
  let count = 0;
  const identity = standIn("identity", {
    refresh: () => {
      count += 1;
      throw conflict("SPENT", "This token was used");
    },
  });
  const { ask } = await startGateway({}, identity);
  const refresh = () =>
    ask("POST /auth/refresh", { body: { refreshToken: "r" }, headers: { "idempotency-key": "k" } });

  await refresh();
  const second = await refresh();

  expect(second.headers.get("idempotent-replayed")).toBeNull();
  expect(count).toBe(2);
});

test("P16: an answer about a person is not kept here; its repeat comes from who keeps the person", async () => {
  const made = { ...aCustomer, displayName: "Kanari" };
  const commands: (string | undefined)[] = [];
  const customers = standIn("customers", {
    create(ctx) {
      commands.push(ctx.meta.commandId);
      if (commands.length > 2) throw conflict("ANSWER_ERASED", "It is erased");
      return made;
    },
  });
  const { ask } = await startGateway({}, customers);
  const headers = { "idempotency-key": newId() };
  const create = () =>
    ask("POST /customers", { token: "agent", body: { firstName: "Kanari" }, headers });

  const first = await create();
  const second = await create();
  const kept = await find(String(commands[0]));
  const erased = await create();

  expect([first.status, second.status, erased.status]).toEqual([201, 201, 409]);
  expect(await second.text()).toBe(await first.text());
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(commands[1]).toBe(commands[0]);
  expect(JSON.stringify(kept)).not.toContain("Kanari");
});

const aCustomer = {
  id: "c1",
  kind: "person" as const,
  displayName: "Ada",
  contactPoints: [],
  tags: [],
  disabled: false,
  version: 1,
  createdAt: new Date(),
  updatedAt: new Date(),
};
