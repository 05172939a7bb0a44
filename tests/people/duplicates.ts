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
    const birthDate = often(chance, 75) ? aBirth(chance, draft.birthDate) : undefined;
    const document = often(chance, 55) ? aDocumentAgain(chance, draft) : undefined;
    const kept = (draft.contactPoints ?? []).filter(() => often(chance, 55));
    if (!birthDate && !document && kept.length === 0) continue;
    return {
      kind: "person",
      tags: [],
      ...aNameAgain(chance, draft),
      ...(birthDate ? { birthDate } : {}),
      ...document,
      contactPoints: contactsAgain(chance, kept, draft, culture),
    };
  }
  return draft;
}

// ── Names ────────────────────────────────────────────────────────────────────

function aNameAgain(chance: Chance, draft: Draft) {
  let given = [draft.firstName, draft.middleName].filter(isThere);
  let family = [draft.lastName, draft.secondLastName].filter(isThere);
  if (given.length > 1 && often(chance, 45)) given = [given[often(chance, 85) ? 0 : 1] ?? ""];
  else if (given.length > 1 && often(chance, 15))
    given = [given[0] ?? "", given[1]?.slice(0, 1) ?? ""];
  if (family.length > 1 && often(chance, 40)) family = family.slice(0, 1);
  if (often(chance, 30)) [given, family] = withSlip(chance, given, family);
  if (often(chance, 35)) [given, family] = [given.map(unaccented), family.map(unaccented)];
  if (often(chance, 15)) [given, family] = [given.map(upper), family.map(upper)];
  if (often(chance, 10)) [given, family] = [family, given];
  if (often(chance, 10)) return { firstName: [...given, ...family].join(" ") };
  if (often(chance, 3)) return { firstName: given[0] ?? null };
  if (often(chance, 10)) return { firstName: given.join(" "), lastName: family.join(" ") };
  const [firstName, middleName] = given;
  const [lastName, secondLastName] = family;
  return {
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    ...(middleName ? { middleName } : {}),
    ...(secondLastName ? { secondLastName } : {}),
  };
}

const isThere = (name: string | null | undefined): name is string => Boolean(name);
const upper = (name: string): string => name.toUpperCase();
const unaccented = (name: string): string => name.normalize("NFKD").replaceAll(/\p{M}/gu, "");

function withSlip(chance: Chance, given: string[], family: string[]): [string[], string[]] {
  const all = [...given, ...family];
  const at = chance.below(all.length);
  const slipped = all.map((name, place) => (place === at ? aSlip(chance, name, letters) : name));
  return [slipped.slice(0, given.length), slipped.slice(given.length)];
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** One character mistaken, left out, doubled, added, or changed over with the next. */
export function aSlip(chance: Chance, text: string, alphabet: string): string {
  if (text.length < 2) return text;
  const at = chance.below(text.length - 1);
  const [before, one = "", next = "", after] = [
    text.slice(0, at),
    text[at],
    text[at + 1],
    text.slice(at + 2),
  ];
  return chance.pick([
    before + chance.pick([...alphabet]) + next + after,
    before + next + after,
    before + one + one + next + after,
    before + one + chance.pick([...alphabet]) + next + after,
    before + next + one + after,
  ]);
}

// ── Birth date and document ──────────────────────────────────────────────────

function aBirth(chance: Chance, birthDate: string | null | undefined): string | undefined {
  const [year = "", month = "", day = ""] = birthDate?.split("-") ?? [];
  if (!birthDate) return undefined;
  if (Number(day) <= 12 && often(chance, 25)) return `${year}-${day}-${month}`;
  if (often(chance, 5)) return `${String(Number(year) - 1)}-${month}-${day}`;
  if (often(chance, 4))
    return `${year}-${month}-${String((Number(day) % 28) + 1).padStart(2, "0")}`;
  return birthDate;
}

function aDocumentAgain(chance: Chance, { documentType, documentNumber }: Draft) {
  if (!documentType || !documentNumber) return undefined;
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
  return often(chance, 50) ? { documentType: "ID", documentNumber: number } : undefined;
}

function changedOver(chance: Chance, digits: string): string {
  const at = chance.below(digits.length - 1);
  return digits.slice(0, at) + (digits[at + 1] ?? "") + (digits[at] ?? "") + digits.slice(at + 2);
}

// ── Contact points ───────────────────────────────────────────────────────────

function contactsAgain(chance: Chance, kept: Points, draft: Draft, culture: Culture): Points {
  const again = kept.map((point) => {
    const [name = "", domain = ""] = point.value.split("@");
    if (point.type === "mobile" || point.type === "phone")
      return often(chance, 6) ? badPhone(chance, point) : point;
    if (point.type === "social") return point;
    if (often(chance, 6)) return { ...point, value: `${slippedMailbox(chance, name)}@${domain}` };
    return often(chance, 8) ? { ...point, value: `${name}@another.example.com` } : point;
  });
  const others = [
    ...(often(chance, 20) ? [anEmail(chance, draft)] : []),
    ...(often(chance, 15) ? [aPhone(chance, culture)] : []),
  ];
  const known = new Set(again.map(({ value }) => value));
  return [...again, ...others.filter(({ value }) => !known.has(value))];
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
