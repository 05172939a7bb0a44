/** A gateway's doors for messages, before stand-ins that keep what they were asked; for tests. */
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Meta } from "#shared/bus.ts";
import type { ReceivedMessage } from "#shared/contracts/interactions.ts";
import { conflict, tooLarge, type Refusal } from "#shared/errors.ts";
import { standIn } from "#shared/testing/bus.ts";
import { ownChannel, startGateway, type Ask } from "../../tests/gateway.ts";

interface Stored {
  content: string;
  uploadKey: string | undefined;
  meta: Meta;
}

/** A gateway before a channels service that answers by the external id, and one that takes files. */
export async function startDoors({ files = true } = {}) {
  const posts: (ReceivedMessage & { id: string; waitMs?: number })[] = [];
  const stored: Stored[] = [];
  const receive = ({ params }: { params: ReceivedMessage & { id: string; waitMs?: number } }) => {
    const { externalId, waitMs } = params;
    if (externalId === "refused") throw conflict("CHANNEL_NOT_RECEIVING", "Not now");
    if (externalId === "away") {
      throw Object.assign(new Error(), { type: "SERVICE_NOT_FOUND", code: 404 });
    }
    posts.push(params);
    const known = { interactionId: `i-${externalId}`, duplicate: externalId === "again" };
    if (waitMs === 0) return { ...known, state: "received" as const };
    return { ...known, state: "filed" as const, case: { id: "c", number: 7, isNew: true } };
  };
  const channels = standIn("channels", {
    receive,
    receiveMany: ({ params }) =>
      params.messages.map((message) => {
        try {
          return { outcome: receive({ params: message }) };
        } catch (error) {
          const { type, code, message: said } = error as Refusal;
          return { refusal: { type, code, message: said } };
        }
      }),
  });
  const filing = filesInto(stored);
  const { ask } = await startGateway({}, channels, ...(files ? [filing] : []));
  const send = (path: string, body: unknown, more: Ask = {}) =>
    ask(`POST /channels/${ownChannel}/${path}`, { token: "connector", body, ...more });

  return { posts, stored, send };
}

/** Keeps what comes in; a file of the content "huge" is too large. */
const filesInto = (stored: Stored[]) =>
  standIn("files", {
    async store(ctx) {
      const { name, uploadKey, declaredType = "" } = ctx.params;
      const content = String(await buffer(ctx.stream as Readable));
      if (content === "huge") throw tooLarge("Too large");
      const id = `f${stored.push({ content, uploadKey, meta: ctx.meta })}`;
      const createdAt = new Date();
      return { id, name, contentType: declaredType, size: content.length, sha256: "0", createdAt };
    },
  });
