/** E-mail channels send by the mail server, once, and answers find their case (P5, D01, F136, F151, F158). */
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { simpleParser } from "mailparser";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { startMailServer } from "#shared/testing/mail-server.ts";
import { until } from "#shared/testing/until.ts";
import { casesAnswered } from "./interactions.store.ts";
import { outgoing } from "./outgoing.store.ts";
import { startSending } from "./sending.samples.ts";
import * as store from "./sent-mail.store.ts";
import { interactions } from "./tables.store.ts";

const server = await startMailServer();
process.env["SMTP_URL"] = server.url;
process.env["MAIL_FROM"] = "desk@casewire.example";
afterAll(() => server.stop());

const mail = { subject: "Your order", text: "Good day" };

let desk: Awaited<ReturnType<typeof startSending>>;
beforeEach(async () => {
  server.cut = () => false;
  server.refuse = undefined;
  desk = await startSending("email");
  await outgoing.native().deleteMany({});
  server.taken.length = 0;
});

/** Once it came so far. */
const become = (id: string, state: Interaction["state"]) =>
  until(async () => {
    const found = await desk.read(id);
    return found.state === state ? found : undefined;
  });
/** Those that wait for their next attempt have it now. */
const hurry = () =>
  outgoing.native().updateMany({ state: "queued" }, { $set: { nextAt: new Date() } });

test("F136, F158: an e-mail goes out with subject, copies and files, and its answer joins the case", async () => {
  const { world, send, bus, channel } = desk;
  world.options = { allowOtherContactPoints: true };
  const { value: ada } = world.points.email;

  const sent = await send({ ...mail, cc: ["cc@example.com"], bcc: ["hidden@example.com"] });
  const done = await become(sent.id, "sent");

  const letter = await simpleParser(String(server.taken[0]));
  const messageId = `<${sent.id}@casewire.example>`;
  expect(letter).toMatchObject({ subject: "Your order", messageId, to: { text: ada } });
  expect(letter.cc).toMatchObject({ text: "cc@example.com" });
  expect(letter.from?.text).toBe("desk@casewire.example");
  expect(letter.text).toContain("Good day");
  expect(server.taken[0]).not.toContain("hidden@example.com");
  expect(server.recipients.at(-1)).toEqual([ada, "cc@example.com", "hidden@example.com"]);
  expect(letter.headers.has("auto-submitted")).toBe(false);
  expect(done).toMatchObject({ externalId: messageId, sentAt: expect.any(Date), seq: 1 });

  const other = await desk.make();
  for (const { id: channelId } of [channel, other]) {
    const answer = { channelId, inReplyTo: messageId } as never;
    expect([...(await casesAnswered([answer])).values()]).toEqual([world.caseId]);
  }
  const forged = { channelId: other.id, inReplyTo: `<${sent.id}@elsewhere.example>` } as never;
  expect(await casesAnswered([forged])).toEqual(new Map());
  expect(await bus.call("channels.takeOutbound", { id: channel.id }, desk.connector)).toEqual({
    items: [],
  });
});

test("F158: an e-mail is from the address of its channel, and answers what came by it last", async () => {
  const { world, make } = desk;
  const { id: channelId } = await make({ address: "orders@shop.example" });
  const externalId = `<${newId()}@customer.example>`;
  await interactions.native().insertOne({
    ...{ _id: newId(), channelId, campaignId: world.campaignId, caseId: world.caseId, seq: 900 },
    ...{ direction: "inbound", kind: "message", state: "filed", attachments: [], externalId },
    ...{ from: { type: "email", value: "ada@example.com" }, subject: "Where is it?" },
    at: new Date(),
  });

  const { id } = await desk.send({ channelId, text: "On its way" });
  await become(id, "sent");

  const letter = await simpleParser(String(server.taken[0]));
  expect(letter).toMatchObject({
    ...{ subject: "Re: Where is it?", inReplyTo: externalId, references: externalId },
    from: { text: "orders@shop.example" },
    messageId: `<${id}@shop.example>`,
  });
});

test("F151, F167, D09: the signature of who sends goes below the message, if it is wanted", async () => {
  const { world, send } = desk;
  const asked = { ...mail, addSignature: true };
  await expect(send(asked)).rejects.toMatchObject({
    data: { errors: [expect.objectContaining({ path: "addSignature" })] },
  });
  world.signature = "<p>Bo &amp; <b>Co</b></p>";

  const [plain, rich, bare] = [
    await send({ ...asked, text: "1 < 2" }),
    await send({ ...asked, text: undefined, html: "<p>Hi</p><script>x</script>" }),
    await send(mail),
  ];

  expect(plain.text).toBe("1 < 2\n\nBo & Co");
  expect(plain.html).toContain("1 &lt; 2");
  expect(plain.html).toContain("<b>Co</b>");
  expect(rich.html).toBe("<p>Hi</p><br /><br /><p>Bo &amp; <b>Co</b></p>");
  expect(bare).not.toHaveProperty("html");
});

test("F158: what would break an e-mail is refused by its name", async () => {
  const { send } = desk;
  const many = Array.from({ length: 20 }, (_, index) => `a${String(index)}@example.com`);
  const refusals: [object, string][] = [
    [{ subject: undefined }, "subject"],
    [{ subject: "Hello\r\nBcc: x@example.com" }, "subject"],
    [{ cc: ["ada@example.com\r\nBcc: x@example.com"] }, "cc[0]"],
    [{ cc: many }, "cc"],
    [{ bcc: many }, "bcc"],
    [{ cc: many.slice(0, 10), bcc: many.slice(0, 10) }, "cc"],
    [{ cc: ["other@example.com"] }, "cc[0]"],
    [{ bcc: ["other@example.com"] }, "bcc[0]"],
    [{ text: undefined, html: "<script>x</script>" }, "html"],
  ];
  for (const [said, path] of refusals) {
    const refused = { code: 422, data: { errors: [expect.objectContaining({ path })] } };
    await expect(send({ ...mail, ...said })).rejects.toMatchObject(refused);
  }
});

test.each(["connect", "rcpt", "data"] as const)(
  "P5: a connection that is cut at %s before the content is tried again, and the mail sent once",
  async (at) => {
    server.cut = (here) => here === at;
    const { id } = await desk.send(mail);
    await until(async () => outgoing.native().findOne({ _id: id, state: "queued", attempts: 1 }));

    server.cut = () => false;
    await hurry();
    await become(id, "sent");

    expect(server.taken.filter((one) => one.includes(`<${id}@`))).toHaveLength(1);
  },
);

test.each(["content", "taken"] as const)(
  "P5: an e-mail that was cut at %s is uncertain, and only a person sends it again",
  async (at) => {
    const { bus, agent } = desk;
    server.cut = (here) => here === at;
    const { id } = await desk.send(mail);
    const left = await become(id, "uncertain");
    server.cut = () => false;

    expect(left.failure).not.toBe("");
    expect(await outgoing.native().countDocuments({ _id: id })).toBe(0);
    // what has just been kept is seen a moment before a transaction sees it
    await until(() => bus.call("channels.resend", { id }, agent));
    expect(await become(id, "sent")).not.toHaveProperty("failure");
  },
);

test("P5: a refusal for good fails the e-mail, one for now is tried again", async () => {
  server.refuse = 451;
  const { id } = await desk.send(mail);
  await until(async () => outgoing.native().findOne({ _id: id, state: "queued", attempts: 1 }));
  expect((await desk.read(id)).failure).toContain("451");
  server.refuse = 550;
  await hurry();

  const failed = await become(id, "failed");

  expect(failed.failure).toContain("550");
  expect(server.taken).toEqual([]);
});

test("P5: after a crash, what was not handed over goes out, and of the rest nobody knows", async () => {
  // far in the future, so that the worker beside this test leaves them alone
  const later = new Date(Date.now() + 3_600_000);
  const rows = [newId(), newId()].map((_id) => ({
    ...{ _id, caseId: newId(), channelId: newId(), by: "mail" as const },
    ...{ state: "queued" as const, attempts: 0, nextAt: later },
  }));
  await outgoing.native().insertMany(rows);
  const first = await store.take("dead", later);
  const second = await store.take("dead", later);
  expect(await store.handOver(second!.id, "dead", later)).toBe(true);

  await store.release(later, later);

  expect(await outgoing.native().findOne({ _id: first!.id })).toMatchObject({ state: "queued" });
  expect(await store.handedOver(later, 10)).toEqual([second!.id]);
  // a process that was frozen, and wakes up, hands nothing over any more, and settles nothing
  expect(await store.handOver(first!.id, "dead", later)).toBe(false);
  const isMine = transaction("channels", (session) => store.isMine(first!.id, "dead", session));
  expect(await isMine).toBe(false);
});
