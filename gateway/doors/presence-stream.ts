/** Who attends to a case, live: `GET /cases/:id/presence/stream` (B13). */
import { topicOfCase } from "#shared/hints.ts";
import { newId } from "#shared/ids.ts";
import type { Door } from "../door.ts";

export const streamPresence: Door = async ({ params }, call, listen) => {
  const { id } = await call("cases.access", { id: String(params["id"]) });
  const watched = { id, watcherId: newId() };
  let told: string | undefined;
  let changesAt: Date | undefined;

  return listen({
    topic: topicOfCase(id),
    async look(ask) {
      const found = await ask("cases.watch", watched);
      const { items } = found;
      ({ changesAt } = found);
      const now = JSON.stringify(items);
      if (now === told) return [];
      told = now;
      return [{ name: "presence", data: { items } }];
    },
    due: () => changesAt,
    async leave(ask) {
      await ask("cases.unwatch", watched);
    },
  });
};
