import { afterAll, beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { unavailable } from "#shared/errors.ts";
import type { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import notifications from "../notifications.service.ts";
import { startMailServer } from "#shared/testing/mail-server.ts";
import { settled } from "#shared/mail/delivery.rules.ts";
import * as store from "./mails.store.ts";

const server = await startMailServer();
process.env["SMTP_URL"] = server.url;
process.env["MAIL_FROM"] = "desk@casewire.example";
afterAll(() => server.stop());

const admin = as("administrator");
const anEmail = () => `user-${newId()}@example.com`;
const secret = "what the e-mail says";

/** Identity writes the e-mails, unless it is away, or knows nobody of that address. */
let isAway = false;
let isKnown = true;
const identity = standIn("identity", {
  composePasswordReset({ params: { to } }) {
    if (isAway) throw unavailable("away");
    return isKnown ? { to, subject: "Reset", text: secret } : null;
  },
});

let bus: Broker;
let email: string;
beforeEach(async () => {
  server.cut = () => false;
  server.refuse = undefined;
  server.taken.length = 0;
  [isAway, isKnown] = [false, true];
  bus = await startBus(notifications, identity);
  await rows().deleteMany({});
  email = anEmail();
});

const rows = () =>
  nativeOf<OutgoingMail & { _id: string }>(database("notifications"), "outgoingMails");
const enqueue = (to = email) => bus.call("notifications.queueMail", { kind: "passwordReset", to });
/** Those that wait for their next attempt have it now. */
const hurry = () => rows().updateMany({ state: "queued" }, { $set: { nextAt: new Date() } });
const only = async (state: OutgoingMail["state"], attempts: number) =>
  until(async () => rows().findOne({ state, attempts }));

test.each(["connect", "mail", "rcpt", "data"] as const)(
  "P5: a connection that is cut at %s before the content is tried again, and the mail sent once",
  async (at) => {
    server.cut = (here) => here === at;
    await enqueue();
    const { _id } = await only("queued", 1);

    server.cut = () => false;
    await hurry();
    await only("sent", 2);

    expect(server.taken).toHaveLength(1);
    expect(server.taken[0]).toContain(`Message-ID: <${_id}@casewire.example>`);
    expect(server.taken[0]).toContain("Auto-Submitted: auto-generated");
    expect(server.taken[0]).toContain("From: desk@casewire.example");
  },
);

test("P5: a connection that is cut in the middle of the content leaves it uncertain", async () => {
  server.cut = (at) => at === "content";
  await enqueue();

  const { fault } = await only("uncertain", 1);

  expect(fault).not.toBe("");
});

test("P5: a mail that was taken without an answer is uncertain, and only a person sends it again", async () => {
  server.cut = (at) => at === "taken";
  await enqueue();
  const { _id: id } = await only("uncertain", 1);
  server.cut = () => false;

  await enqueue();
  await only("sent", 1);
  expect(server.taken).toHaveLength(2);
  const listed = await bus.call("notifications.listMails", { state: "uncertain" }, admin);
  expect(listed.items).toMatchObject([{ id, to: email, attempts: 1, state: "uncertain" }]);

  const again = await bus.call("notifications.resendMail", { id }, admin);
  expect(again).toMatchObject({ id, state: "queued" });
  await until(() => server.taken.length === 3);
  expect(server.taken.filter((mail) => mail.includes(`<${id}@`))).toHaveLength(2);
  expect((await announced("notifications", "notifications.mailResent")).at(-1)).toMatchObject({
    data: { id },
    changes: [{ field: "state", old: "uncertain", new: "queued" }],
  });
});

test("P5: what was sent, or goes out by itself, is not sent again by hand", async () => {
  await enqueue();
  const { _id: id } = await only("sent", 1);

  const refused = bus.call("notifications.resendMail", { id }, admin);

  await expect(refused).rejects.toMatchObject({ code: 409, type: "MAIL_NOT_RESENDABLE" });
  const unknown = bus.call("notifications.resendMail", { id: newId() }, admin);
  await expect(unknown).rejects.toMatchObject({ code: 404 });
});

test("P5: a refusal for good fails the mail, one for now is tried again", async () => {
  server.refuse = 451;
  await enqueue();
  await only("queued", 1);
  server.refuse = 550;
  await hurry();

  const failed = await only("failed", 2);

  expect(failed.fault).toContain("550");
  expect(server.taken).toHaveLength(0);
});

test("P5: attempts become rarer, and end", () => {
  const refused = { outcome: "refused", isFinal: false, fault: "x" } as const;
  const now = new Date(0);
  const after = (attempts: number) => settled(refused, attempts, now);

  expect(after(1)).toMatchObject({ state: "queued", nextAt: new Date(5_000) });
  expect(after(7)).toMatchObject({ state: "queued", nextAt: new Date(320_000) });
  expect(after(8)).toMatchObject({ state: "failed" });
});

test("P5: after a crash, what was not handed over goes out, and of the rest nobody knows", async () => {
  // far in the future, so that the worker beside this test leaves them alone
  const later = new Date(Date.now() + 3_600_000);
  for (const to of [anEmail(), anEmail()]) {
    await store.enqueue({ kind: "passwordReset", to }, later);
  }
  const first = await store.take("dead", later);
  const second = await store.take("dead", later);
  await store.handOver(second!.id, "dead", later);

  await store.recover(later, later);

  expect(await rows().findOne({ _id: first!.id })).toMatchObject({ state: "queued" });
  expect(await rows().findOne({ _id: second!.id })).toMatchObject({ state: "uncertain" });
  // a process that was frozen, and wakes up, hands nothing over any more
  expect(await store.handOver(first!.id, "dead", later)).toBe(false);
});

test("P5: while who writes an e-mail is away it is tried again, and what it says is kept nowhere", async () => {
  isAway = true;
  await enqueue();
  await only("queued", 1);
  isAway = false;
  await hurry();

  await only("sent", 2);

  const { db } = database("notifications");
  const kept = await Promise.all((await db!.collections()).map((one) => one.find().toArray()));
  expect(server.taken[0]).toContain(secret);
  expect(JSON.stringify(kept)).not.toContain(secret);
});

test("P5: an e-mail that nobody is to get is neither sent nor kept", async () => {
  isKnown = false;
  await enqueue();

  await until(async () => (await rows().countDocuments()) === 0);

  expect(server.taken).toEqual([]);
});

test("operators see whether e-mails are sent, and what needs them", async () => {
  server.refuse = 550;
  await enqueue();
  await only("failed", 1);

  const status = await bus.call("notifications.mailStatus", {}, admin);

  expect(status).toEqual({ sends: true, queued: 0, uncertain: 0, failed: 1 });
});
