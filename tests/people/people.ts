/** A population to try the search for similar customers on: people, families, namesakes. */
import type { Received } from "#shared/fields.ts";
import type { NewCustomer } from "#shared/contracts/customers/customer.ts";
import { fold } from "#shared/folding.rules.ts";
import type { Chance } from "../faults/random.ts";
import { familyName, givenName, type Culture } from "./names.ts";

export type Draft = Received<typeof NewCustomer>;
export type Points = NonNullable<Draft["contactPoints"]>;

/** A share of one hundred. */
export const often = (chance: Chance, percent: number): boolean => chance.below(100) < percent;

const digits = (chance: Chance, count: number): string =>
  Array.from({ length: count }, () => String(chance.below(10))).join("");

const two = (value: number): string => String(value).padStart(2, "0");

const aBirthDate = (chance: Chance): string =>
  `${1_940 + chance.below(67)}-${two(1 + chance.below(12))}-${two(1 + chance.below(28))}`;

export function aPhone(chance: Chance, culture: Culture): Points[number] {
  const number = culture === "es" ? `+346${digits(chance, 8)}` : `+447${digits(chance, 9)}`;
  return { type: often(chance, 70) ? "mobile" : "phone", value: number };
}

const providers = "mail inbox post web home office letters box".split(" ");

export function anEmail(chance: Chance, draft: Draft): Points[number] {
  const first = plain(draft.firstName ?? "x");
  const last = plain(draft.lastName ?? "y");
  const name = chance.pick([
    `${first}.${last}`,
    `${first}${last}`,
    `${first.slice(0, 1)}${last}`,
    `${last}.${first}`,
    `${first}${last.slice(0, 1)}`,
  ]);
  const number = often(chance, 85) ? digits(chance, 1 + chance.below(4)) : "";
  return { type: "email", value: `${name}${number}@${chance.pick(providers)}.example.com` };
}

const aHandle = (chance: Chance, draft: Draft): Points[number] => ({
  type: "social",
  label: "chat",
  value: `${plain(draft.firstName ?? "x")}_${digits(chance, 4)}`,
});

const plain = (name: string): string => fold(name).replaceAll(/[^a-z]/g, "");

const checkLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

export function aDocument(chance: Chance, culture: Culture) {
  const number = String(1 + chance.below(9)) + digits(chance, 7);
  if (culture === "en") return { documentType: "PASSPORT", documentNumber: `5${number}` };
  return often(chance, 60)
    ? { documentType: "DNI", documentNumber: number + (checkLetters[Number(number) % 23] ?? "") }
    : { documentType: "CC", documentNumber: `1${number}${digits(chance, 1)}` };
}

/** Whoever a form or a list made; four in ten came with a message: a name and one address. */
export function aPerson(chance: Chance): { draft: Draft; culture: Culture } {
  const culture: Culture = often(chance, 70) ? "es" : "en";
  const draft: Draft = { kind: "person", tags: [], ...someName(chance, culture) };
  if (often(chance, 40)) {
    const point = often(chance, 50) ? anEmail(chance, draft) : aPhone(chance, culture);
    return { draft: { ...draft, contactPoints: [point] }, culture };
  }
  return { draft: withFacts(chance, draft, culture), culture };
}

/** A person whom we know well: most of what can be known. */
export function aKnownPerson(chance: Chance): { draft: Draft; culture: Culture } {
  const culture: Culture = often(chance, 70) ? "es" : "en";
  const draft: Draft = { kind: "person", tags: [], ...someName(chance, culture) };
  return { draft: withFacts(chance, draft, culture), culture };
}

function someName(chance: Chance, culture: Culture) {
  const second = often(chance, culture === "es" ? 80 : 0);
  return {
    firstName: givenName(chance, culture),
    ...(often(chance, 35) ? { middleName: givenName(chance, culture) } : {}),
    lastName: familyName(chance, culture),
    ...(second ? { secondLastName: familyName(chance, culture) } : {}),
  };
}

function withFacts(chance: Chance, draft: Draft, culture: Culture): Draft {
  const points = [
    ...(often(chance, 85) ? [aPhone(chance, culture)] : []),
    ...(often(chance, 70) ? [anEmail(chance, draft)] : []),
    ...(often(chance, 12) ? [aHandle(chance, draft)] : []),
  ];
  return {
    ...draft,
    ...(often(chance, 85) ? { birthDate: aBirthDate(chance) } : {}),
    ...(often(chance, 75) || points.length === 0 ? aDocument(chance, culture) : {}),
    contactPoints: points,
  };
}

/** Somebody else whom it is easy to take for this person. */
export function aLookAlike(
  chance: Chance,
  { draft, culture }: { draft: Draft; culture: Culture },
): Draft {
  const other = namesOf(aKnownPerson(chance).draft);
  const own = withFacts(chance, draft, culture);
  const family = shared(chance, draft, own);
  const name = namesOf(draft);
  const sibling = { ...name, firstName: other.firstName, middleName: other.middleName };
  const facts = factsOf(own);
  const somebody = chance.pick<Partial<Draft>>([
    { ...sibling, ...facts, ...family },
    // a twin
    { ...sibling, ...facts, ...family, birthDate: draft.birthDate ?? null },
    // a parent or a child of the same first name
    { ...name, secondLastName: other.secondLastName, ...facts, ...family },
    // a husband or wife
    { ...other, birthDate: facts.birthDate, ...family },
    // a namesake
    { ...name, ...facts, contactPoints: own.contactPoints ?? [] },
  ]);
  return { kind: "person", tags: [], ...somebody };
}

/** What of a person's contact points is the family's; without any, the look-alike has its own. */
function shared(chance: Chance, { contactPoints = [] }: Draft, own: Draft) {
  const kept = contactPoints.filter(() => often(chance, 55));
  return { contactPoints: kept.length > 0 ? kept : (own.contactPoints ?? []) };
}

const namesOf = ({ firstName, middleName, lastName, secondLastName }: Draft) => ({
  firstName: firstName ?? null,
  middleName: middleName ?? null,
  lastName: lastName ?? null,
  secondLastName: secondLastName ?? null,
});

const factsOf = ({ documentType, documentNumber, birthDate }: Draft) => ({
  documentType: documentType ?? null,
  documentNumber: documentNumber ?? null,
  birthDate: birthDate ?? null,
});
