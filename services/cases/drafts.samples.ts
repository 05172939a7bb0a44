/** What tests of drafts begin with: cases of a campaign that everybody works in, and what is done to drafts. */
import { start, type present } from "./presence.samples.ts";

type Who = ReturnType<typeof present>;
type Kind = "message" | "activity";

export async function startDrafts(more: Parameters<typeof start>[0] = {}) {
  const { bus, aKept } = await start(more);
  return {
    bus,
    aKept,
    read: (id: string, who: Who, kind: Kind = "message") =>
      bus.call("cases.getDraft", { id, kind }, who),
    save: (
      id: string,
      who: Who,
      content: string,
      { version, kind = "message" }: { version?: number; kind?: Kind } = {},
    ) =>
      bus.call(
        "cases.saveDraft",
        { id, kind, content, ...(version === undefined ? {} : { version }) },
        who,
      ),
    clear: (id: string, who: Who, kind: Kind = "message") =>
      bus.call("cases.clearDraft", { id, kind }, who),
  };
}
