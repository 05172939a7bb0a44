import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { campaignsOf, present } from "./agents.samples.ts";
import identity from "./identity.service.ts";

const admin = as("administrator");
const names = { en: "Dentist", es: "Dentista" };

let bus: Broker;
beforeEach(async () => {
  bus = await startBus(identity, campaignsOf({}));
});

const aCode = () => `r${newId()}`;
const create = (code: string, more: object = {}) =>
  bus.call("identity.createPauseReason", { code, names, ...more }, admin);
const codes = async (enabled?: boolean) =>
  (await bus.call("identity.listPauseReasons", enabled === undefined ? {} : { enabled })).items.map(
    ({ code }) => code,
  );

test("G19: there are reasons to pause from the first start on, in their order", async () => {
  expect((await codes()).filter((code) => !code.startsWith("r"))).toEqual(
    expect.arrayContaining(["lunch", "break", "meeting", "training", "other"]),
  );
});

test("G19, D18: a reason is added, chosen by its code, and told of", async () => {
  const code = aCode();

  const made = await create(code, { order: 5 });

  expect(made).toMatchObject({ code, names, order: 5, enabled: true, version: 1 });
  const { caller } = await present(bus);
  const state = await bus.call("identity.setState", { state: "paused", reason: code }, caller);
  expect(state).toMatchObject({ state: "paused", reason: code });
  const told = (await announced("identity", "identity.pauseReasonCreated")).at(-1);
  expect(told).toMatchObject({ aggregate: { kind: "pauseReason", id: made.id, version: 1 } });
  expect(told?.changes).toContainEqual({ field: "code", old: null, new: code });
});

test("G19: a disabled reason is out of use, and stays in the list", async () => {
  const code = aCode();
  const { id } = await create(code);
  const changed = await bus.call(
    "identity.changePauseReason",
    { id, version: 1, enabled: false },
    admin,
  );

  expect(changed).toMatchObject({ enabled: false, version: 2, names });
  expect([(await codes()).includes(code), (await codes(true)).includes(code)]).toEqual([
    true,
    false,
  ]);
  const { caller } = await present(bus);
  const refused = bus.call("identity.setState", { state: "paused", reason: code }, caller);
  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "reason", code: "disabled" }] },
  });
});

test("G19: a code stands for one reason", async () => {
  const code = aCode();
  const { id } = await create(code);

  await expect(create(code)).rejects.toMatchObject({
    code: 409,
    type: "PAUSE_REASON_EXISTS",
    data: { existingId: id },
  });
});

test("P9: a reason is not changed on an old version, and without a difference not at all", async () => {
  const { id } = await create(aCode());
  const change = (version: number, order: number) =>
    bus.call("identity.changePauseReason", { id, version, order }, admin);
  await change(1, 7);

  await expect(change(1, 8)).rejects.toMatchObject({ code: 412, data: { version: 2 } });
  await expect(change(2, 7)).resolves.toMatchObject({ version: 2 });
  const unknown = bus.call("identity.changePauseReason", { id: newId(), version: 1 }, admin);
  await expect(unknown).rejects.toMatchObject({ code: 404 });
});

test("G19: there are 100 reasons at most", async () => {
  const { items } = await bus.call("identity.listPauseReasons", {});
  for (let count = items.length; count < 100; count += 1) await create(aCode());

  await expect(create(aCode())).rejects.toMatchObject({
    code: 409,
    type: "TOO_MANY_PAUSE_REASONS",
    data: { limit: 100 },
  });
});
