/** What business rules tell users: in the app and by e-mail (G12). */
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { simpleParser } from "mailparser";
import type { Broker, Payload } from "#shared/bus.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf, prepare } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { as, standIn } from "#shared/testing/bus.ts";
import { testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { startMailServer } from "#shared/testing/mail-server.ts";
import { readable, start, toldTo } from "./telling.samples.ts";

const server = await startMailServer();
process.env["SMTP_URL"] = server.url;
process.env["MAIL_FROM"] = "desk@casewire.example";
process.env["PUBLIC_URL"] = "https://desk.example/";
afterAll(() => server.stop());

let bus: Broker;
let agent: ReturnType<typeof as>;
let language: "en" | "es";
beforeEach(async () => {
  server.taken.length = 0;
  agent = as("agent");
  language = "en";
  bus = await start(
    standIn("identity", {
      recipientOf: ({ params: { id } }) => ({
        ...{ id, email: `${id}@example.com`, name: "Ada", role: "agent" as const, language },
      }),
    }),
    standIn("automation", {
      composeMail: ({ params }) => (params.executionId === forgotten ? null : said),
    }),
  );
  await prepare("automation", [outboxTable, inboxTable]);
  const relay = await startRelay("automation", testLogger());
  onTestFinished(() => relay.stop());
});

const said = { subject: "Urgent", text: "Please look.\n" };
const forgotten = newId();
const me = () => String(agent.meta.actor?.id);
const mails = () => nativeOf(database("notifications"), "outgoingMails");
const aggregate = () => ({ kind: "ruleExecution", id: newId(), version: 1 });
const about = (caseId: string, userId = me()) => ({
  ...{ executionId: newId(), ruleId: newId(), caseId, userId },
});

const notify = (data: Payload<"automation.notified">) =>
  write("automation", { meta: {} }, ({ announce }) => {
    announce({ event: "automation.notified", aggregate: aggregate(), data });
    return Promise.resolve();
  });
const requestMail = (data: Payload<"automation.mailRequested">) =>
  write("automation", { meta: {} }, ({ announce }) => {
    announce({ event: "automation.mailRequested", aggregate: aggregate(), data });
    return Promise.resolve();
  });

test("G12: a rule tells a user something in the app", async () => {
  const caseId = newId();
  readable.set(caseId, 1042);

  await notify({ ...about(caseId), message: "An angry customer" });

  expect(await toldTo(bus, agent, 1)).toMatchObject([
    { kind: "ruleNotice", caseId, caseNumber: 1042, message: "An angry customer" },
  ]);
});

test.each([
  ["en", "Please look.\n\nCase 1042\nhttps://desk.example/cases/1042\n"],
  ["es", "Please look.\n\nCaso 1042\nhttps://desk.example/cases/1042\n"],
] as const)(
  "G12: a rule's e-mail says what was written, and which case it is: %s",
  async (own, text) => {
    language = own;
    const caseId = newId();
    readable.set(caseId, 1042);

    await requestMail({ ...about(caseId), place: 0 });
    await until(() => server.taken.length === 1);

    const letter = await simpleParser(String(server.taken[0]));
    expect(letter).toMatchObject({ subject: "Urgent", text });
    expect(JSON.stringify(letter.to)).toContain(`${me()}@example.com`);
  },
);

test("G12: no e-mail goes to one who may not read the case, nor of what the rules log has forgotten", async () => {
  const [hidden, seen] = [newId(), newId()];
  readable.set(seen, 1044);

  await requestMail({ ...about(hidden), place: 0 });
  await requestMail({ ...about(seen), executionId: forgotten, place: 0 });
  await requestMail({ ...about(seen), place: 0 });
  await until(() => server.taken.length > 0);
  await until(async () => (await mails().countDocuments({ state: { $ne: "sent" } })) === 0);

  expect(server.taken).toHaveLength(1);
  expect(server.taken[0]).toContain("1044");
});
