import { expect, test } from "@jest/globals";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import notifications from "../notifications.service.ts";

test("Passwords, tokens: without a mail server a reset is accepted, nothing is kept, and that is to be seen", async () => {
  const bus = await startBus(notifications);
  const lines: unknown[] = [];
  bus.logger.warn = (...args: unknown[]) => lines.push(args);

  await bus.call("notifications.queueMail", { kind: "passwordReset", to: "a@example.com" });

  const line = "An e-mail was asked for, but none can be sent: set SMTP_URL";
  expect(lines).toEqual([[line, { kind: "passwordReset" }]]);
  const kept = await nativeOf(database("notifications"), "outgoingMails").countDocuments();
  expect(kept).toBe(0);
  const status = await bus.call("notifications.mailStatus", {}, as("administrator"));
  expect(status).toEqual({ sends: false, queued: 0, uncertain: 0, failed: 0 });
});
