/** Customers of whom it is known which are one person: what the search is measured on. */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { create } from "../../services/customers/customers.rules.ts";
import { chance as chanceOf } from "../faults/random.ts";
import { aDuplicate } from "./duplicates.ts";
import { aKnownPerson, aLookAlike, aPerson, often, type Draft } from "./people.ts";

/** A customer, and who it is; strangers, who stand there once, have no number. */
export interface Labelled {
  customer: Customer;
  person: number | undefined;
  /** Whether it is the first record of its person, which each duplicate has something of. */
  first: boolean;
}

export interface Wanted {
  /** Another seed draws other people. */
  seed: number;
  /** People who stand there more than once: each has one to three duplicates. */
  people: number;
  /** How many customers there are in all. */
  customers: number;
}

/** The duplicated people with those who look like them, then strangers until there are enough. */
export function* population({ seed, people, customers }: Wanted): Generator<Labelled> {
  const chance = chanceOf(seed);
  const documents = new Set<string>();
  let made = 0;
  const make = (draft: Draft, person?: number, first = false): Labelled => {
    made += 1;
    const stamp = { id: idOf(seed, made), newId: () => idOf(seed, made), at, by: "bench" };
    return { customer: create(ownDocument(draft, documents), stamp), person, first };
  };
  for (let person = 0; person < people; person += 1) {
    const known = aKnownPerson(chance);
    yield make(known.draft, person, true);
    const copies = 1 + chance.below(3);
    for (let copy = 0; copy < copies; copy += 1) yield make(aDuplicate(chance, known), person);
    if (often(chance, 60)) yield make(aLookAlike(chance, known));
  }
  while (made < customers) yield make(aPerson(chance).draft);
}

const at = new Date("2026-01-01T00:00:00Z");

const idOf = (seed: number, number: number): string =>
  `person-${seed}-${String(number).padStart(8, "0")}`;

/** A document that another has already is left out, as the second would have been refused. */
function ownDocument(draft: Draft, taken: Set<string>): Draft {
  const { documentType, documentNumber, ...rest } = draft;
  if (!documentType || !documentNumber) return rest;
  const key = `${documentType} ${documentNumber.replaceAll(/\W/g, "").toLowerCase()}`;
  if (taken.has(key)) return rest;
  taken.add(key);
  return draft;
}
