/**
 * `npm run bench -- similar --estimate`: the weights of similarity out of labelled customers.
 *
 * Evidence is weighed as by Fellegi and Sunter, but fitted for all levels together (a logistic
 * regression on the levels, which are seldom independent: who shares a phone often shares a family
 * name), among the customers that share a key, for no others are ever compared.
 */
import {
  agreements,
  halvings,
  tells,
  type Agreement,
} from "../services/customers/similarity.rules.ts";
import { usualWeights, type Weights } from "../services/customers/similarity-weights.rules.ts";
import { inMemory } from "../tests/people/in-memory.ts";
import type { Labelled } from "../tests/people/population.ts";
import { round } from "./figures.ts";

/** Pairs that agree on the same levels, counted. */
interface Pattern {
  /** What a pair is weighed by: 1 for a level, more or less for what is a number. */
  levels: [name: string, value: number][];
  pairs: number;
  same: number;
}

const rounds = 600;
/** How strongly weights are held near nought: what few pairs show is believed little. */
const ridge = 0.3;
/** No agreement alone outweighs everything else. */
const strongest = 10;

/** Weights in bits, to a tenth; levels that no pair was on keep the usual one. */
export function estimateWeights(labelled: readonly Labelled[]): Weights {
  const patterns = patternsOf(labelled);
  const seen = new Set(patterns.flatMap(({ levels }) => levels.map(([name]) => name)));
  const weights = fit(patterns, [...seen]);
  const bounded = Object.keys(usualWeights).map((name) => {
    const weight = weights[name] ?? usualWeights[name] ?? 0;
    const bits = Math.max(-strongest, Math.min(strongest, weight));
    return [name, Math.round(bits * 10) / 10] as const;
  });
  return notAboveSame(Object.fromEntries(bounded));
}

function patternsOf(labelled: readonly Labelled[]): Pattern[] {
  const search = inMemory(labelled.map(({ customer }) => customer));
  const personOf = new Map(labelled.map(({ customer, person }) => [customer.id, person]));
  const patterns = new Map<string, Pattern>();
  for (const { customer, person } of labelled) {
    if (person === undefined) continue;
    const own = search.comparableOf(customer.id);
    for (const { id, namesakes } of search.candidates(customer)) {
      const levels = levelsOf(agreements(own, search.comparableOf(id)), namesakes);
      const name = levels.join(" ");
      const pattern = patterns.get(name) ?? { levels, pairs: 0, same: 0 };
      pattern.pairs += 1;
      if (personOf.get(id) === person) pattern.same += 1;
      patterns.set(name, pattern);
    }
  }
  return [...patterns.values()];
}

function levelsOf(agreed: Agreement[], namesakes: number): Pattern["levels"] {
  const rare = agreed.some((one) => one.field === "name" && tells(one));
  const rarity = Math.round(halvings(namesakes) * 2) / 2;
  return [
    ["prior", 1],
    ...agreed.map(({ field, level }) => [`${field}.${level}`, 1] as [string, number]),
    ...(rare && rarity > 0 ? [["name.rare", rarity] as [string, number]] : []),
  ];
}

/** Gradient ascent on the likelihood, each weight in steps of its own size (RMSprop). */
function fit(patterns: readonly Pattern[], names: readonly string[]): Record<string, number> {
  const weights = Object.fromEntries(names.map((name) => [name, 0]));
  const sizes = Object.fromEntries(names.map((name) => [name, 0]));
  for (let turn = 0; turn < rounds; turn += 1) {
    const gradient = gradientOf(patterns, weights);
    const step = 0.15 * Math.max(0.02, 1 - turn / rounds);
    for (const name of names) {
      const slope = (gradient[name] ?? 0) - ridge * (weights[name] ?? 0);
      const size = 0.9 * (sizes[name] ?? 0) + 0.1 * slope * slope;
      sizes[name] = size;
      weights[name] = (weights[name] ?? 0) + (step * slope) / Math.sqrt(size + 1e-9);
    }
  }
  return weights;
}

function gradientOf(patterns: readonly Pattern[], weights: Weights): Record<string, number> {
  const gradient: Record<string, number> = {};
  for (const { levels, pairs, same } of patterns) {
    const sum = levels.reduce((total, [name, value]) => total + value * (weights[name] ?? 0), 0);
    const missing = same - pairs / (1 + 2 ** -sum);
    for (const [name, value] of levels) gradient[name] = (gradient[name] ?? 0) + value * missing;
  }
  return gradient;
}

/** A family shares a phone but no slip in it; a slip all the same says no more than the whole. */
function notAboveSame(weights: Record<string, number>): Weights {
  const bounded = Object.entries(weights).map(([name, weight]) => {
    const [field = ""] = name.split(".");
    const same = weights[field === "name" ? withoutSlips(name) : `${field}.same`];
    return [name, same === undefined ? weight : round(Math.min(weight, same))];
  });
  return Object.fromEntries(bounded) as Weights;
}

const withoutSlips = (name: string): string => name.replace(/(one|two|three)Near$/, "$1");
