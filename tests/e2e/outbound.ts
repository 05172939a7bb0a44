/** A team with a channel for messages and one for e-mail, and cases to send from. */
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { startMailServer } from "./mail-server.samples.ts";
import { startTeam, type Team } from "./team.ts";

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
  const { channelId, key } = team.inbox;
  /** The channels that send: the one that messages come by, and one for e-mail. */
  const [chat, mail] = [{ id: channelId, key }, await aMailChannel(team)];
  const asking = askingOf(team);
  const stop = async () => {
    await team.system.stop();
    await mails.stop();
  };

  /** A case of a new customer who wrote by the chat, with an address for e-mail. */
  const aCase = async () => {
    const address = `${randomUUID()}@example.com`;
    const { case: kase, customer } = await team.send();
    const path = `/customers/${customer.id}/contact-points`;
    const point = await team.ask("POST", path, team.system, { type: "email", value: address });
    const { id: emailId } = expected(point, 201).json<{ id: string }>();
    const { items } = await asking.offer(kase.id);
    const chatPointId = String(items.find(({ id }) => id === chat.id)?.contactPoints[0]?.id);
    return { ...kase, customerId: customer.id, address, emailId, chatPointId };
  };

  return { team, mails, chat, mail, aCase, stop, ...asking };
}

async function aMailChannel({ ask, system, inbox: { campaignId } }: Team) {
  const made = await ask("POST", "/channels", system, {
    ...{ name: "Mail", type: "email", direction: "both", campaignId },
    address: "support@casewire.example",
  });
  const { id } = expected(made, 201).json<{ id: string }>();
  const keyed = expected(await ask("POST", `/channels/${id}/keys`), 201);
  return { id, key: keyed.json<{ key: string }>().key };
}

const askingOf = ({ ask, system, agent, inbox: { campaignId } }: Team) => ({
  offer: async (id: string, by: By = agent) =>
    expected(await ask("GET", `/cases/${id}/outbound-channels`, by), 200).json<Offer>(),
  sendFrom: (id: string, body: object, by: By = agent, headers = {}) =>
    ask("POST", `/cases/${id}/interactions`, by, body, headers),
  conversationOf: async (id: string) =>
    expected(await ask("GET", `/cases/${id}/conversation`), 200).json<{ items: Sent[] }>().items,
  become: (id: string, state: string) =>
    until(async () => {
      const found = expected(await ask("GET", `/interactions/${id}`), 200).json<Sent>();
      return found.state === state ? found : undefined;
    }),
  options: async (said: object) => {
    const path = `/campaigns/${campaignId}/options`;
    expected(await ask("PUT", path, system, { queueAssignment: false, ...said }), 200);
  },
});

export type Outbound = Awaited<ReturnType<typeof startOutbound>>;
