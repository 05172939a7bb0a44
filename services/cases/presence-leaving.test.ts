/** Leaving cases: by hand, by closing, with a session that is gone. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { as } from "#shared/testing/bus.ts";
import { leaveClosed } from "./presence.ts";
import {
  announceGone,
  idOf,
  present,
  relayGone,
  sessionOf,
  start,
  told,
} from "./presence.samples.ts";

test("F079: leaving changes nothing of the case; leaving what was not entered neither", async () => {
  const { bus, aKept, enter, exit, inside } = await start();
  const who = present();
  const { id, number } = await aKept({ status: "open" });
  await enter(id, who);
  const before = await bus.call("cases.get", { id }, who);

  await exit(String(number), who);
  await exit(id, who);
  await exit("nowhere", who);

  expect(await bus.call("cases.get", { id }, who)).toEqual(before);
  expect(await inside(id, who)).toEqual([]);
  expect(await told("cases.left", who)).toMatchObject([
    { data: { id, because: "exit", entered: [], enteredVersion: 2 } },
  ]);
});

test("D11: what is told counts all that the user is in, of every session", async () => {
  const { aKept, enter, exit } = await start();
  const desk = present();
  const phone = as("agent", { id: idOf(desk), sessionId: newId() });
  const [a, b] = [await aKept(), await aKept()];
  await enter(a.id, desk);
  await enter(b.id, desk);
  await enter(a.id, phone);

  await exit(a.id, desk);

  expect((await told("cases.left", desk)).at(-1)?.data).toMatchObject({
    enteredVersion: 4,
    entered: [
      { caseId: b.id, sessionId: sessionOf(desk) },
      { caseId: a.id, sessionId: sessionOf(phone) },
    ],
  });
});

test("F109: who is in a case leaves it with its closing", async () => {
  const { aKept, enter, inside } = await start();
  const [ada, bo] = [present(), present()];
  const [closing, other] = [await aKept(), await aKept()];
  for (const who of [ada, bo]) await enter(closing.id, who);
  await enter(other.id, ada);

  await write("cases", ada, (tx) => leaveClosed(tx, closing.id));

  expect(await inside(closing.id, ada)).toEqual([]);
  expect(await inside(other.id, ada)).toEqual([idOf(ada)]);
  for (const who of [ada, bo]) {
    expect(await told("cases.left", who)).toMatchObject([
      { data: { id: closing.id, because: "closed" } },
    ]);
  }
});

test("F079: a case that the user sees no more is left all the same", async () => {
  const { aKept, enter } = await start();
  const who = present();
  const { id } = await aKept();
  await enter(id, who);
  const { exit } = await start({ scope: { campaignId: "sales" } });

  await exit(id, who);

  expect(await told("cases.left", who)).toHaveLength(1);
});

test("D11, B10: a session that is gone leaves its cases, once however often it is told", async () => {
  const { aKept, enter, inside } = await start();
  const heard = await relayGone();
  const desk = present();
  const phone = as("agent", { id: idOf(desk), sessionId: newId() });
  const [a, b] = [await aKept(), await aKept()];
  await enter(a.id, desk);
  await enter(b.id, desk);
  await enter(b.id, phone);

  await announceGone(desk);
  await announceGone(desk);
  await heard();

  expect(await inside(a.id, desk)).toEqual([]);
  expect(await inside(b.id, desk)).toEqual([idOf(desk)]);
  const left = await told("cases.left", desk);
  expect(left.map(({ data: { id, because } }) => [id, because])).toEqual([
    [a.id, "disconnected"],
    [b.id, "disconnected"],
  ]);
  await announceGone(phone);
  await heard();
  expect(await inside(b.id, desk)).toEqual([]);
});

test("D11: what is entered after the session was gone stays", async () => {
  const { aKept, enter, inside } = await start();
  const who = present();
  const { id } = await aKept();
  await announceGone(who);
  await enter(id, who);

  await (
    await relayGone()
  )();

  expect(await inside(id, who)).toEqual([idOf(who)]);
});
