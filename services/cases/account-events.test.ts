/** Cases follow what becomes of their accounts (F033, F034, F073). */
import { expect, test } from "@jest/globals";
import type { Payload } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const administrator = as("administrator");

interface Told {
  id: string;
  customerId: string;
  number: string;
  version: number;
}

/** The cases service beside customers that know these accounts, and tell what becomes of them. */
async function startCases(...known: Told[]) {
  const bus = await startBus(
    cases,
    standIn("customers", {
      describe: ({ params: { ids } }) => ids.map((id) => ({ id, name: "Ada" })),
      describeAccounts: ({ params: { ids } }) => known.filter(({ id }) => ids.includes(id)),
    }),
  );
  await prepare("customers", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("customers", testLogger());
  onTestFinished(() => relay.stop());
  const announce = async (
    event: "customers.accountChanged" | "customers.accountDeleted",
    version: number,
    data: Payload<"customers.accountDeleted">,
  ) => {
    await write("customers", administrator, (tx) => {
      tx.announce({ event, aggregate: { kind: "account", id: data.id, version }, data });
      return Promise.resolve();
    });
    await takenIn("cases", event);
  };
  const get = (id: string) => bus.call("cases.get", { id }, administrator);
  return { bus, announce, get };
}

const anAccount = (said: Partial<Told> = {}): Told => ({
  id: newId(),
  customerId: newId(),
  number: "A-1",
  version: 1,
  ...said,
});

const about = ({ id, customerId }: Told, more: Partial<Case> = {}) =>
  aCase({ customerId, accountId: id, accountNumber: "A-1", ...more });

test("F034, F073: cases get their account's new number, closed ones too, and no new version", async () => {
  const account = anAccount({ number: "B-2", version: 2 });
  const { announce, get } = await startCases(account);
  const [open, closed, other] = await keep(
    about(account),
    about(account, { status: "closed" }),
    about(anAccount()),
  );

  await announce("customers.accountChanged", 2, account);

  expect(await get(open!.id)).toEqual({ ...open, accountNumber: "B-2" });
  expect(await get(closed!.id)).toEqual({ ...closed, accountNumber: "B-2" });
  expect(await get(other!.id)).toEqual(other);
});

test("F033, D18: a deleted account is unlinked from all its cases, and each tells of it", async () => {
  const account = anAccount();
  const { announce, get } = await startCases();
  const kept = await keep(
    ...Array.from({ length: 205 }, () => about(account)),
    about(account, { status: "closed" }),
  );
  const [other] = await keep(about(anAccount()));

  await announce("customers.accountDeleted", 2, account);

  for (const one of [kept[0]!, kept[204]!, kept[205]!]) {
    const { accountId, accountNumber, ...rest } = one;
    expect(await get(one.id)).toEqual({
      ...rest,
      version: 2,
      updatedAt: expect.any(Date),
      updatedBy: administrator.meta.actor?.id,
    });
    const events = await announced("cases", "cases.changed");
    expect(events.filter(({ aggregate }) => aggregate.id === one.id)).toMatchObject([
      {
        aggregate: { version: 2 },
        actor: { id: administrator.meta.actor?.id },
        changes: [
          { field: "accountId", old: accountId, new: null },
          { field: "accountNumber", old: accountNumber, new: null },
        ],
      },
    ]);
  }
  expect(await get(other!.id)).toEqual(other);
});

test("F042: where another account takes its place, the cases go to that one", async () => {
  const account = anAccount();
  const heir = anAccount({ number: "C-3" });
  const { announce, get } = await startCases(heir);
  const [kase] = await keep(about(account));

  await announce("customers.accountDeleted", 2, { ...account, replacedById: heir.id });

  expect(await get(kase!.id)).toMatchObject({ accountId: heir.id, accountNumber: "C-3" });
});

test("F033, F067: a case cannot be linked to an account whose end is known here first", async () => {
  const account = anAccount();
  const { bus, announce } = await startCases(account);
  const [kase] = await keep(aCase({ customerId: account.customerId }));

  await announce("customers.accountDeleted", 2, account);
  const linking = bus.call(
    "cases.change",
    { id: kase!.id, version: 1, accountId: account.id },
    administrator,
  );

  await expect(linking).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "accountId", code: "unknown" }] },
  });
});

test("F034: a number that is told late does not bring back the former one", async () => {
  const account = anAccount({ number: "A-1", version: 1 });
  const renamed = { ...account, number: "B-2", version: 2 };
  const known = [renamed];
  const { bus, announce, get } = await startCases(...known);
  const [first, second] = await keep(about(account), aCase({ customerId: account.customerId }));
  await announce("customers.accountChanged", 2, account);

  renamed.number = "A-1";
  renamed.version = 1;
  await bus.call(
    "cases.change",
    { id: second!.id, version: 1, accountId: account.id },
    administrator,
  );

  expect((await get(first!.id)).accountNumber).toBe("B-2");
  expect((await get(second!.id)).accountNumber).toBe("B-2");
});

test("F033: a case that is linked while its account is deleted ends without it", async () => {
  const account = anAccount();
  const { bus, announce, get } = await startCases(account);
  const kept = await keep(
    ...Array.from({ length: 20 }, () => aCase({ customerId: account.customerId })),
  );

  const linking = kept.map(({ id }) =>
    bus.call("cases.change", { id, version: 1, accountId: account.id }, administrator),
  );
  await announce("customers.accountDeleted", 2, account);
  await Promise.allSettled(linking);

  for (const { id } of kept) expect(await get(id)).not.toHaveProperty("accountId");
});
