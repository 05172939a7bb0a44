/**
 * What each agreement and disagreement is worth, in bits, for how likely two customers are one
 * person. Estimated by `npm run bench -- similar --estimate` on generated duplicates; see
 * docs/decisions/0013-similar-customers.md.
 */
export type MatchedField = "name" | "birthDate" | "documentNumber" | "email" | "phone" | "social";

/** `prior`, and by field and level, such as `birthDate.swapped`. */
export type Weights = Readonly<Record<string, number>>;

export const usualWeights: Weights = {
  prior: -5.6,
  "name.three": 1.5,
  "name.threeNear": 1.5,
  "name.two": 0.1,
  "name.twoNear": 0.1,
  "name.one": -3.6,
  "name.oneNear": -4.4,
  /** For each halving of the number who share the name's sounds, from 100 down. */
  "name.rare": 1,
  "name.clashNear": 1.3,
  "name.clash": -5.7,
  "name.clashMore": -7.9,
  "name.none": -9.4,
  "birthDate.same": 6.7,
  "birthDate.swapped": 6.7,
  "birthDate.near": 6.1,
  "birthDate.part": 2.3,
  "birthDate.other": -8,
  "documentNumber.same": 10,
  "documentNumber.near": 10,
  "documentNumber.other": -1.2,
  "documentNumber.otherKind": -1.5,
  "email.same": 5.3,
  "email.name": 5.3,
  "email.near": 2.7,
  "email.other": -1.7,
  "phone.same": 5.5,
  "phone.near": 5.5,
  "phone.other": -2.7,
  "social.same": 4.4,
};

/**
 * The usual weights with some of them changed, as a setting says it: "birthDate.other=-4,prior=-8".
 * @throws Error naming what is no weight
 */
export function weightsOf(changes = ""): Weights {
  const changed = changes
    .split(",")
    .filter(Boolean)
    .map((one) => one.split("="))
    .map(([name = "", value]) => [name, Number(value)] as const);
  const [unknown] = changed.find(([name]) => !(name in usualWeights)) ?? [];
  if (unknown !== undefined) {
    throw new Error(`The setting SIMILARITY_WEIGHTS names ${unknown}, which is no weight.`);
  }
  return { ...usualWeights, ...(Object.fromEntries(changed) as Weights) };
}
