/** The same person once more, as it gets into a list of customers: with slips, gaps and swaps. */
import { fold } from "#shared/folding.rules.ts";
import type { Chance } from "../faults/random.ts";
import type { Culture } from "./names.ts";
import { aDocument, aPhone, anEmail, often, type Draft, type Points } from "./people.ts";

/**
 * A duplicate keeps, well or badly, a birth date, document or contact point of the first record:
 * one that has but a name in common could not be told from a namesake by anybody.
 */
export function aDuplicate(
  chance: Chance,
  { draft, culture }: { draft: Draft; culture: Culture },
): Draft {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const birthDate = often(chance, 75) ? aBirth(chance, draft.birthDate) : null;
    const document = often(chance, 55) ? aDocumentAgain(chance, draft) : {};
    const kept = (draft.contactPoints ?? []).filter(() => often(chance, 55));
    if (!birthDate && !document.documentNumber && kept.length === 0) continue;
    const name = aNameAgain(chance, draft);
    const contactPoints = contactsAgain(chance, kept, draft, culture);
    return { kind: "person", tags: [], ...name, birthDate, ...document, contactPoints };
  }
  return draft;
}

// ── Names ────────────────────────────────────────────────────────────────────

interface Parts {
  given: string[];
  family: string[];
}

/** What happens to a name on its way, one after the other, each to some names in a hundred. */
const happenings: [percent: number, happens: (parts: Parts, chance: Chance) => Parts][] = [
  [40, (parts, chance) => ({ ...parts, given: oneOf(parts.given, often(chance, 85) ? 0 : 1) })],
  [
    10,
    ({ given: [first = "", ...more], family }) => ({ given: [first, ...initials(more)], family }),
  ],
  [40, (parts) => ({ ...parts, family: oneOf(parts.family, 0) })],
  [30, withSlip],
  [35, (parts) => everyName(parts, unaccented)],
  [15, (parts) => everyName(parts, (name) => name.toUpperCase())],
  [10, ({ given, family }) => ({ given: family, family: given })],
  [10, ({ given, family }) => ({ given: [[...given, ...family].join(" ")], family: [] })],
  [3, ({ given }) => ({ given: oneOf(given, 0), family: [] })],
  [10, ({ given, family }) => ({ given: [given.join(" ")], family: [family.join(" ")] })],
];

function aNameAgain(chance: Chance, draft: Draft) {
  const parts = {
    given: [draft.firstName, draft.middleName].filter(isThere),
    family: [draft.lastName, draft.secondLastName].filter(isThere),
  };
  const { given, family } = happenings.reduce(
    (before: Parts, [percent, happens]) =>
      often(chance, percent) ? happens(before, chance) : before,
    parts,
  );
  const [firstName = null, middleName = null] = given;
  const [lastName, secondLastName = null] = family;
  return { firstName, middleName, lastName: lastName || null, secondLastName };
}

const oneOf = (names: string[], place: number): string[] =>
  names.slice(0, 1).map((first) => names[place] ?? first);
const initials = (names: string[]): string[] => names.map((name) => name.slice(0, 1));
const everyName = ({ given, family }: Parts, change: (name: string) => string): Parts => ({
  given: given.map(change),
  family: family.map(change),
});

const isThere = (name: string | null | undefined): name is string => Boolean(name);
const unaccented = (name: string): string => name.normalize("NFKD").replaceAll(/\p{M}/gu, "");

function withSlip({ given, family }: Parts, chance: Chance): Parts {
  const all = [...given, ...family];
  const at = chance.below(all.length);
  const slipped = all.map((name, place) => (place === at ? aSlip(chance, name, letters) : name));
  return { given: slipped.slice(0, given.length), family: slipped.slice(given.length) };
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** One character mistaken, left out, doubled, added, or changed over with the next. */
function aSlip(chance: Chance, text: string, alphabet: string): string {
  if (text.length < 2) return text;
  const at = chance.below(text.length - 1);
  const [before, one = "", next = "", after] = [
    text.slice(0, at),
    text[at],
    text[at + 1],
    text.slice(at + 2),
  ];
  return chance.pick([
    before + chance.pick(Array.from(alphabet)) + next + after,
    before + next + after,
    before + one + one + next + after,
    before + one + chance.pick(Array.from(alphabet)) + next + after,
    before + next + one + after,
  ]);
}

// ── Birth date and document ──────────────────────────────────────────────────

function aBirth(chance: Chance, birthDate: string | null | undefined): string | null {
  if (!birthDate) return null;
  const [year, month, day] = birthDate.split("-") as [string, string, string];
  if (Number(day) <= 12 && often(chance, 25)) return `${year}-${day}-${month}`;
  if (often(chance, 5)) return `${Number(year) - 1}-${month}-${day}`;
  const next = String((Number(day) % 28) + 1).padStart(2, "0");
  return often(chance, 4) ? `${year}-${month}-${next}` : birthDate;
}

function aDocumentAgain(
  chance: Chance,
  { documentType, documentNumber }: Draft,
): { documentType?: string; documentNumber?: string } {
  if (!documentType || !documentNumber) return {};
  // a passport the first time and an identity card the second
  if (often(chance, 8)) return aDocument(chance, documentType === "PASSPORT" ? "es" : "en");
  const digits = documentNumber.replaceAll(/\D/g, "");
  const swapped = changedOver(chance, digits);
  const number = chance.pick([
    swapped,
    swapped,
    aSlip(chance, digits, "0123456789"),
    digits.replaceAll(/\B(?=(\d{3})+$)/g, "."),
    documentNumber,
  ]);
  // two customers cannot have the same: the second was refused, or kept under another type
  const same = fold(number).replaceAll(/\W/g, "") === fold(documentNumber);
  if (!same) return { documentType, documentNumber: number };
  return often(chance, 50) ? { documentType: "ID", documentNumber: number } : {};
}

function changedOver(chance: Chance, digits: string): string {
  const at = chance.below(digits.length - 1);
  return digits.slice(0, at) + (digits[at + 1] ?? "") + (digits[at] ?? "") + digits.slice(at + 2);
}

// ── Contact points ───────────────────────────────────────────────────────────

function contactsAgain(chance: Chance, kept: Points, draft: Draft, culture: Culture): Points {
  const again = kept.map((point) => aContactAgain(chance, point));
  const others = [
    ...(often(chance, 20) ? [anEmail(chance, draft)] : []),
    ...(often(chance, 15) ? [aPhone(chance, culture)] : []),
  ];
  const known = new Set(again.map(({ value }) => value));
  return [...again, ...others.filter(({ value }) => !known.has(value))];
}

function aContactAgain(chance: Chance, point: Points[number]): Points[number] {
  if (point.type === "social") return point;
  if (point.type !== "email") return often(chance, 6) ? badPhone(chance, point) : point;
  const [name = "", domain = ""] = point.value.split("@");
  if (often(chance, 6)) return { ...point, value: `${slippedMailbox(chance, name)}@${domain}` };
  return often(chance, 8) ? { ...point, value: `${name}@another.example.com` } : point;
}

/** Two dots would be no address. */
const slippedMailbox = (chance: Chance, name: string): string =>
  aSlip(chance, name, letters)
    .replaceAll(/\.{2,}/g, ".")
    .replaceAll(/^\.|\.$/g, "");

/** Its last six digits may be wrong: the country stays. */
const badPhone = (chance: Chance, point: Points[number]) => ({
  ...point,
  value: point.value.slice(0, -6) + changedOver(chance, point.value.slice(-6)),
});
