/** The e-mail about a transferred case: who gets one, in which words, and how often. */
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { simpleParser } from "mailparser";
import type { Answer, Broker } from "#shared/bus.ts";
import type { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { as, standIn } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { until } from "#shared/testing/until.ts";
import { startMailServer } from "#shared/testing/mail-server.ts";
import * as mails from "./mail/mails.store.ts";
import { assigned, readable, start, tell, toldTo, transferred } from "./telling.samples.ts";

const server = await startMailServer();
process.env["SMTP_URL"] = server.url;
process.env["MAIL_FROM"] = "desk@casewire.example";
process.env["PUBLIC_URL"] = "https://desk.example/";
afterAll(() => server.stop());

type Recipient = NonNullable<Answer<"identity.recipientOf">>;

let bus: Broker;
let agent: ReturnType<typeof as>;
let user: Recipient | null;
let isWanted: boolean;
beforeEach(async () => {
  server.taken.length = 0;
  agent = as("agent");
  const id = String(agent.meta.actor?.id);
  user = { id, email: `${newId()}@example.com`, name: "Ada Agent", role: "agent", language: "en" };
  isWanted = true;
  const campaign = aCampaign("c1", { name: "Care" });
  bus = await start(
    standIn("identity", {
      recipientOf: ({ params }) => (params.id === user?.id ? user : null),
    }),
    standIn("campaigns", {
      describe: () => ({
        ...campaign,
        options: { ...campaign.options, notifyTransferByEmail: isWanted },
      }),
    }),
  );
  await rows().deleteMany({});
});

const me = () => String(agent.meta.actor?.id);
const rows = () =>
  nativeOf<OutgoingMail & { _id: string }>(database("notifications"), "outgoingMails");

/** A case that was transferred to the agent, and may be read. */
async function transfer(number: number) {
  const data = transferred(me());
  readable.set(data.id, number);
  await tell("cases.transferred", data);
  await toldTo(bus, agent, 1);
  return data;
}

/** Once nothing waits to be sent any more. */
const settled = () =>
  until(async () => (await rows().countDocuments({ state: { $in: ["queued", "sending"] } })) === 0);

const letters = {
  en: {
    subject: "Case 1042 was transferred to you",
    words: "case 1042 of the campaign “Care” was transferred to you",
  },
  es: {
    subject: "Se te transfirió el caso 1042",
    words: "se te transfirió el caso 1042 de la campaña «Care»",
  },
};

test.each(["en", "es"] as const)(
  "F091, F231: whoever gets a case is told by an e-mail in %s, which leads to it",
  async (language) => {
    user = { ...user!, language };
    const { id } = await transfer(1042);

    const raw = await until(() => server.taken[0]);
    await settled();

    const { subject, text = "", to, from, headers, messageId } = await simpleParser(raw);
    expect(subject).toBe(letters[language].subject);
    expect(text).toContain(letters[language].words);
    expect(text).toContain("\nhttps://desk.example/cases/1042\n");
    expect([to, from]).toMatchObject([{ text: user.email }, { text: "desk@casewire.example" }]);
    expect(headers.get("auto-submitted")).toBe("auto-generated");
    const sent = await rows().find().toArray();
    expect(sent).toMatchObject([{ state: "sent", kind: "caseTransferred", caseId: id }]);
    expect(messageId).toBe(`<${sent[0]!._id}@casewire.example>`);
    const listed = await bus.call("notifications.listMails", {}, as("administrator"));
    expect(listed.items).toMatchObject([{ userId: me(), caseId: id, state: "sent" }]);
    expect(listed.items[0]).not.toHaveProperty("to");
  },
);

test("F091: where the campaign does not want it, nobody is told by e-mail, but in the app", async () => {
  isWanted = false;

  await transfer(1042);

  await until(async () => (await rows().countDocuments()) === 0);
  expect(server.taken).toEqual([]);
});

test("F231: no e-mail to who is disabled, or may not read the case any more", async () => {
  user = null;
  await transfer(1042);
  await until(async () => (await rows().countDocuments()) === 0);

  user = { id: me(), email: "ada@example.com", name: "Ada", role: "agent", language: "en" };
  await tell("cases.transferred", transferred(me()));
  await toldTo(bus, agent, 2);
  await until(async () => (await rows().countDocuments()) === 0);

  expect(server.taken).toEqual([]);
});

test("F231: no e-mail about what the strategy assigns", async () => {
  await tell("cases.assigned", assigned(me()));
  await toldTo(bus, agent, 1);

  expect(await rows().countDocuments()).toBe(0);
});

test("P5: what is told twice is sent once, by the id of the event", async () => {
  await transfer(1042);
  await until(() => server.taken[0]);
  await settled();
  const [mail] = await rows().find().toArray();

  const notice = { id: mail!._id, userId: me(), caseId: newId() };
  await mails.add("caseTransferred", [notice], new Date());
  await transfer(1043);
  await until(() => server.taken[1]);

  const same = await rows().findOne({ _id: mail!._id });
  expect(same).toEqual(mail);
  expect(server.taken).toHaveLength(2);
});
