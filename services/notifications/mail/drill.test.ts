/** The mail server cuts at each step again and again (P5). */
import { afterAll, expect, test } from "@jest/globals";
import type { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { standIn, startBus } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import notifications from "../notifications.service.ts";
import { startMailServer, type Cut } from "#shared/testing/mail-server.ts";

/** Mails for each step; MAIL_CUTS=200 is the whole drill. */
const times = Number(process.env["MAIL_CUTS"] ?? 8);
const steps: Cut[] = ["connect", "mail", "rcpt", "data", "content", "taken"];

const server = await startMailServer();
process.env["SMTP_URL"] = server.url;
process.env["MAIL_FROM"] = "desk@casewire.example";
afterAll(() => server.stop());

const identity = standIn("identity", {
  composePasswordReset: ({ params: { to } }) => ({ to, subject: "Reset", text: "x" }),
});

test(
  `P5: of ${6 * times} mails, cut ${times} times at each step, none is sent twice and each is in one state`,
  async () => {
    const bus = await startBus(notifications, identity);
    const rows = nativeOf<OutgoingMail & { _id: string }>(
      database("notifications"),
      "outgoingMails",
    );
    const left = Object.fromEntries(steps.map((step) => [step, times])) as Record<Cut, number>;
    // the steps take turns, so that a mail that is tried again may meet another one
    server.cut = (at) => {
      const most = Math.max(...Object.values(left));
      if (left[at] === 0 || left[at] < most) return false;
      left[at] -= 1;
      return true;
    };
    for (let count = 0; count < steps.length * times; count += 1) {
      const to = `user-${String(count)}@example.com`;
      await bus.call("notifications.queueMail", { kind: "passwordReset", to });
    }

    await until(
      async () => {
        // those that wait for their next attempt have it now
        await rows.updateMany({ state: "queued", attempts: { $gt: 0 } }, [
          { $set: { nextAt: "$createdAt", attempts: 1 } },
        ]);
        return (await rows.countDocuments({ state: { $in: ["queued", "sending"] } })) === 0;
      },
      { withinMs: 15 * 60_000, everyMs: 100 },
    );

    const all = await rows.find().toArray();
    const takes = new Map<string, number>();
    for (const mail of server.taken) {
      const id = /^Message-ID: <([^@]+)@/m.exec(mail)?.[1] ?? "";
      takes.set(id, (takes.get(id) ?? 0) + 1);
    }
    const count = (state: string) => all.filter((mail) => mail.state === state).length;
    expect(left).toEqual(Object.fromEntries(steps.map((step) => [step, 0])));
    expect(all).toHaveLength(steps.length * times);
    expect([...takes.values()].filter((taken) => taken > 1)).toEqual([]);
    for (const { _id, state } of all) if (state === "sent") expect(takes.get(_id)).toBe(1);
    // whatever was cut once the server had something of the content, and nothing else
    expect(count("uncertain")).toBe(2 * times);
    expect(count("sent")).toBe(4 * times);
  },
  16 * 60_000,
);
