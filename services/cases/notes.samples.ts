/** What tests of notes begin with: cases of a campaign that everybody works in, and what is done to notes. */
import { start, type present } from "./presence.samples.ts";

type Who = ReturnType<typeof present>;

export async function startNotes(more: Parameters<typeof start>[0] = {}) {
  const { bus, aKept } = await start(more);
  return {
    bus,
    aKept,
    add: (id: string, who: Who, said: object = {}) =>
      bus.call("cases.addNote", { id, text: "Calls back at noon", color: "#a1b2c3", ...said }, who),
    list: async (id: string, who: Who, paging: object = {}) =>
      bus.call("cases.listNotes", { id, ...paging }, who),
    remove: (id: string, noteId: string, who: Who) =>
      bus.call("cases.deleteNote", { id, noteId }, who),
  };
}
