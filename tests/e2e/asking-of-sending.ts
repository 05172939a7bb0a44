/** Sending from a case, to be held against its description. */
import { aMessage, expected } from "../system/system.ts";
import type { Asking } from "./asking.ts";

/** Asks all of it of a channel that a connector sends by. */
export async function askOfSending({
  ask,
  inbox,
  system,
}: Pick<Asking, "ask" | "inbox" | "system">): Promise<void> {
  const { campaignId } = inbox;
  const channel = await ask("channels.create", {
    body: { name: "Messages", type: "webchat", direction: "both", campaignId },
  });
  const path = { id: channel.id };
  const { key: token } = await ask<{ key: string }>("channels.createKey", { path });
  const from = { type: "mobile", value: "+34600777111" };
  const { case: kase } = await ask<{ case: { id: string } }>("channels.receive", {
    ...{ path, token, body: aMessage({ from }) },
  });
  const casePath = { id: kase.id };
  await ask("channels.listOutboundChannels", { path: casePath });
  const uploaded = await system.http("POST", `/api/v1/cases/${kase.id}/attachments?name=a.txt`, {
    ...{ token: system.token, headers: { "content-type": "application/octet-stream" } },
    body: "hello",
  });
  const file = expected(uploaded, 201).json<{ id: string }>();
  const options = { allowOtherContactPoints: true };
  await ask("campaigns.setOptions", { path: { id: campaignId }, body: options });
  const query = `?channelId=${channel.id}&q=ada`;
  await ask("channels.findOtherContactPoints", { path: casePath, query });
  const body = { channelId: channel.id, to: from, text: "Hello", attachmentIds: [file.id] };
  const sent = await ask("channels.send", { path: casePath, body });
  await ask("channels.takeOutbound", { path, token });
  const receipts = [{ interactionId: sent.id, state: "failed", reason: "Unknown number" }];
  await ask("channels.report", { path, token, body: { receipts } });
  await ask("channels.resend", { path: { id: sent.id } });
}
