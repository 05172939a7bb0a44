/** Secret links to an agenda, and the calendar that they lead to (RFC 5545). Pure. */
import ical, { ICalCalendarMethod } from "ical-generator";
import { changesBetween } from "#shared/changes.rules.ts";
import type { AgendaLink } from "#shared/contracts/cases/agenda.ts";
import type { Change } from "#shared/contracts/common.ts";
import { conflict } from "#shared/errors.ts";
import type { Planned } from "./agenda.rules.ts";

const places = [1, 2, 3, 4, 5];

/**
 * The place of a new link beside those that the user has.
 * @throws 409 TOO_MANY_LINKS when all are taken
 */
export function freePlace(links: readonly { place: number }[]): number {
  const free = places.find((place) => links.every((link) => link.place !== place));
  if (free !== undefined) return free;
  throw conflict("TOO_MANY_LINKS", "You have five links; revoke one first", {
    limit: places.length,
  });
}

/** What the change log says of a new link (D18). */
export const changesOf = (link: AgendaLink): Change[] => changesBetween({}, link);

const titles: Record<AgendaLink["language"], string> = { en: "Case", es: "Caso" };
const refreshSeconds = 900;

/**
 * The calendar of these next actions. It leaves the house and cannot be called back: of a case it
 * says the number, and the subject only where the one who made the link wanted that.
 */
export function calendarOf(
  planned: readonly Planned[],
  { showSubjects, language }: Pick<AgendaLink, "showSubjects" | "language">,
  lengthMs: number,
): string {
  const calendar = ical({
    name: "Casewire",
    prodId: { company: "Casewire", product: "Agenda" },
    method: ICalCalendarMethod.PUBLISH,
    ttl: refreshSeconds,
  });
  for (const { id, number, version, nextActionAt, updatedAt, subject } of planned) {
    const title = `${titles[language]} ${String(number)}`;
    calendar.createEvent({
      id: `${id}@casewire`,
      sequence: version,
      stamp: updatedAt,
      start: nextActionAt,
      end: new Date(nextActionAt.getTime() + lengthMs),
      summary: showSubjects && subject ? `${title}: ${subject}` : title,
    });
  }
  return calendar.toString();
}
