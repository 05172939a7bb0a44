/** Everything that is asked about notifications, to be held against its description. */
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { aMessage, makeInbox, post, signIn } from "../system/system.ts";
import type { Asking } from "./asking.ts";

/** An agent is given a case and told of it; an administrator looks at the e-mails. */
export async function askOfNotifications({ system, ask }: Asking): Promise<void> {
  const inbox = await makeInbox(system);
  const credentials = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const user = { ...credentials, name: "Ada", role: "agent" };
  const { id: userId } = await ask("identity.createUser", { body: user });
  const items = [{ userId, channelIds: [inbox.channelId] }];
  await ask("campaigns.setAgents", { path: { id: inbox.campaignId }, body: { items } });
  const token = await signIn(system.http, credentials);
  await post(system.http, inbox, aMessage());

  const told = await until(async () => {
    const page = await ask<{ items: { id: string }[] }>("notifications.list", {
      query: "?count=true&unread=true",
      token,
    });
    return page.items[0];
  });
  await ask("notifications.unread", { token });
  await ask("notifications.read", { path: { id: told.id }, token });
  await ask("notifications.readAll", { body: { upTo: told.id }, token });
  await ask("notifications.listMails", { query: "?state=uncertain" });
  await ask("notifications.mailStatus");
}
