/** Cases that are not entered, and why. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { as } from "#shared/testing/bus.ts";
import { present, start, told } from "./presence.samples.ts";

test("D04: a closed case is read, and nobody is in it", async () => {
  const { aKept, enter, inside } = await start();
  const who = present();
  const kase = await aKept({ status: "closed" });

  expect(await enter(kase.id, who)).toEqual({ ...kase, entered: false });
  expect(await inside(kase.id, who)).toEqual([]);
  expect(await told("cases.entered", who)).toEqual([]);
});

test("G04: what the user does not see cannot be entered, nor asked who is in it", async () => {
  const { bus, aKept, enter } = await start();
  const who = present();
  const { id } = await aKept({ campaignId: "sales" });

  await expect(enter(id, who)).rejects.toMatchObject({ code: 404 });
  await expect(bus.call("cases.presence", { id }, who)).rejects.toMatchObject({ code: 404 });
  await expect(enter(newId(), present("administrator"))).rejects.toMatchObject({ code: 404 });
  await expect(enter(id, present("administrator"))).resolves.toMatchObject({ entered: true });
});

test("F125: a case that may only be read is not entered", async () => {
  const { aKept, enter } = await start({ scope: { showOtherCampaigns: true } });
  const { id } = await aKept({ campaignId: "sales" });

  await expect(enter(id, present())).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
});

test("a connector, or who has no session, is in no case", async () => {
  const { bus, aKept, enter, exit } = await start();
  const { id } = await aKept();

  for (const who of [as("connector"), as("agent")]) {
    await expect(enter(id, who)).rejects.toMatchObject({ code: 403 });
    await expect(exit(id, who)).rejects.toMatchObject({ code: 403 });
  }
  await expect(bus.call("cases.enter", { id })).rejects.toMatchObject({ code: 401 });
});

test("D11: a user is in 50 cases at most", async () => {
  const { aKept, enter, exit } = await start();
  const who = present();
  const all = await Promise.all(Array.from({ length: 51 }, () => aKept({ status: "open" })));
  const last = all.pop()!;
  for (const { id } of all) await enter(id, who);

  await expect(enter(last.id, who)).rejects.toMatchObject({
    code: 409,
    type: "TOO_MANY_ENTERED",
    data: { limit: 50 },
  });
  await exit(all[0]!.id, who);
  await expect(enter(last.id, who)).resolves.toMatchObject({ entered: true });
});
