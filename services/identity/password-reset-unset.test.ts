import { expect, test } from "@jest/globals";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { startBus } from "#shared/testing/bus.ts";
import { anEmail, aUser } from "./builders.ts";
import identity from "./identity.service.ts";

test("Passwords, tokens: without a mail server a reset is accepted, and one line of the log says so", async () => {
  const bus = await startBus(identity);
  const { email } = await aUser(bus);
  const lines: unknown[] = [];
  bus.logger.warn = (...args: unknown[]) => lines.push(args);

  await bus.call("identity.requestPasswordReset", { email });
  await bus.call("identity.requestPasswordReset", { email: anEmail() });

  expect(lines).toEqual([
    ["A new password was asked for, but no e-mail can be sent: set SMTP_URL"],
    ["A new password was asked for, but no e-mail can be sent: set SMTP_URL"],
  ]);
  const kept = await nativeOf(database("identity"), "outgoingMails").countDocuments();
  expect(kept).toBe(0);
});
