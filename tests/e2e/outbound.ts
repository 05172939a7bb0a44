/** A team with a channel for messages and one for e-mail, and cases to send from. */
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { startMailServer } from "./mail-server.samples.ts";
import { startTeam } from "./team.ts";

export interface Sent {
  id: string;
  state: string;
  seq?: number;
  [more: string]: unknown;
}

interface Offer {
  items: { id: string; type: string; contactPoints: { id: string; type: string }[] }[];
  allowOtherContactPoints: boolean;
}

interface By {
  token: string;
}

export async function startOutbound() {
  const mails = await startMailServer();
  const team = await startTeam({ SMTP_URL: mails.url, MAIL_FROM: "desk@casewire.example" });
  const { channelId, key, campaignId } = team.inbox;
  const made = await team.ask("POST", "/channels", team.system, {
    ...{ name: "Mail", type: "email", direction: "both", campaignId },
    address: "support@casewire.example",
  });
  const { id: mailId } = expected(made, 201).json<{ id: string }>();
  const keyed = expected(await team.ask("POST", `/channels/${mailId}/keys`), 201);
  /** The channels that send: the one that messages come by, and one for e-mail. */
  const chat = { id: channelId, key };
  const mail = { id: mailId, key: keyed.json<{ key: string }>().key };

  const offer = async (id: string, by: By = team.agent) =>
    expected(await team.ask("GET", `/cases/${id}/outbound-channels`, by), 200).json<Offer>();

  return {
    ...{ team, mails, chat, mail, offer },
    /** A case of a new customer who wrote by the chat, with an address for e-mail. */
    async aCase() {
      const address = `${randomUUID()}@example.com`;
      const { case: kase, customer } = await team.send();
      const path = `/customers/${customer.id}/contact-points`;
      const point = await team.ask("POST", path, team.system, { type: "email", value: address });
      const { id: emailId } = expected(point, 201).json<{ id: string }>();
      const { items } = await offer(kase.id);
      const chatPointId = String(items.find(({ id }) => id === chat.id)?.contactPoints[0]?.id);
      return { ...kase, customerId: customer.id, address, emailId, chatPointId };
    },
    sendFrom: (id: string, body: object, by: By = team.agent, headers = {}) =>
      team.ask("POST", `/cases/${id}/interactions`, by, body, headers),
    conversationOf: async (id: string) =>
      expected(await team.ask("GET", `/cases/${id}/conversation`), 200).json<{ items: Sent[] }>()
        .items,
    become: (id: string, state: string) =>
      until(async () => {
        const answer = expected(await team.ask("GET", `/interactions/${id}`), 200);
        const found = answer.json<Sent>();
        return found.state === state ? found : undefined;
      }),
    async options(said: object) {
      const path = `/campaigns/${campaignId}/options`;
      expected(await team.ask("PUT", path, team.system, { queueAssignment: false, ...said }), 200);
    },
    async stop() {
      await team.system.stop();
      await mails.stop();
    },
  };
}

export type Outbound = Awaited<ReturnType<typeof startOutbound>>;
