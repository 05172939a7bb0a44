/** The personal values of changes: they stay in the outbox, and are fetched by who may keep them. */
import type { Caller, Meta, ServiceName } from "../bus.ts";
import { system } from "../actor.ts";
import type { Change } from "../contracts/common.ts";
import type { PersonalChanges } from "../contracts/privacy.ts";
import { eventsOf, rowIdOf, type DomainEvent } from "./event.ts";
import { outbox } from "./outbox.ts";

type Announcer = Exclude<ServiceName, "audit">;

/** Answers `personalChanges` for a service, from its outbox. */
export const announcer = (service: Announcer) => ({
  async personalChanges(ctx: { params: { eventIds: string[] } }): Promise<PersonalChanges[]> {
    const wanted = new Set(ctx.params.eventIds);
    const rows = await outbox(service)
      .find({ _id: { $in: [...new Set([...wanted].map(rowIdOf))] } })
      .toArray();
    return rows
      .flatMap(eventsOf)
      .flatMap(({ id, changes }) => (wanted.has(id) ? [{ id, changes }] : []));
  },
});

const meta: Meta = { actor: system };

/**
 * The events with the personal values of their changes, asked of each announcer in one call.
 * @throws what the call throws while an announcer is away
 */
export async function withPersonalValues(
  neighbours: Caller,
  events: readonly DomainEvent[],
): Promise<DomainEvent[]> {
  const without = events.filter(({ changes }) => changes.some(({ personal }) => personal));
  const byService = Object.groupBy(without, announcerOf);
  const answers = await Promise.all(
    Object.entries(byService).map(([service, own]) =>
      neighbours.call(
        `${service as Announcer}.personalChanges`,
        { eventIds: own.map(({ id }) => id) },
        { meta },
      ),
    ),
  );
  const known = new Map(answers.flat().map(({ id, changes }) => [id, changes]));
  return events.map((event) => ({ ...event, changes: filled(event.changes, known.get(event.id)) }));
}

/** Interactions are told of by channels. */
const announcerOf = ({ name }: DomainEvent): Announcer => {
  const [owner = ""] = name.split(".");
  return (owner === "interactions" ? "channels" : owner) as Announcer;
};

/** One by one: an event has its changes in the order in which the outbox has them. */
const filled = (told: Change[], kept: Change[] = []): Change[] =>
  told.map((change, place) =>
    change.personal ? { ...change, ...kept[place], personal: true } : change,
  );
