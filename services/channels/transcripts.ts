/** The action that renders a session as a text (F137). */
import type { Answer, Contracts, Ctx, Request } from "#shared/bus.ts";
import { longestTranscript } from "#shared/contracts/channels/transcripts.ts";
import { userNames } from "#shared/neighbours.ts";
import { sizeOf, transcriptOf, type Told } from "./transcript.rules.ts";
import { sessionUpTo } from "./transcripts.store.ts";

type Asked = Ctx<Request<Contracts["channels"]["actions"]["transcribe"]>>;

const mostInteractions = 500;

export const transcripts = {
  /** @throws 404 NOT_FOUND */
  async transcribe(ctx: Asked): Promise<Answer<"channels.transcribe">> {
    const { interactionId, language } = ctx.params;
    const { told, isComplete } = await latestOf(interactionId);
    const names = await userNames(
      ctx,
      told.flatMap(({ author }) => author ?? []),
    );

    return { text: transcriptOf(told, { language, names, isComplete }), isComplete };
  },
};

/** The session as far as a transcript holds it, oldest first. */
async function latestOf(interactionId: string): Promise<{ told: Told[]; isComplete: boolean }> {
  const told: Told[] = [];
  let size = 0;
  for await (const one of sessionUpTo(interactionId)) {
    size += sizeOf(one);
    const isFull = told.length === mostInteractions || size > longestTranscript;
    if (isFull && told.length > 0) return { told, isComplete: false };
    told.unshift(one);
  }
  return { told, isComplete: true };
}
