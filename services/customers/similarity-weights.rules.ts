/**
 * What each agreement and disagreement is worth, in bits, for how likely two customers are one
 * person. Estimated by `npm run bench -- similar --estimate` on generated duplicates; see
 * docs/decisions/0013-similar-customers.md.
 */
export type MatchedField = "name" | "birthDate" | "documentNumber" | "email" | "phone" | "social";

/** `prior`, and by field and level, such as `birthDate.swapped`. */
export type Weights = Readonly<Record<string, number>>;

export const usualWeights: Weights = {
  prior: -5.5,
  "name.three": 2.1,
  "name.threeNear": 2.1,
  "name.two": 0.6,
  "name.twoNear": 0.6,
  "name.one": -2.8,
  "name.oneNear": -3.5,
  /** For each halving of the number who share the name's sounds, from 100 down. */
  "name.rare": 0.7,
  "name.clashNear": 1,
  "name.clash": -5,
  "name.clashMore": -7.9,
  "name.none": -10,
  "birthDate.same": 6.8,
  "birthDate.swapped": 6.8,
  "birthDate.near": 5.9,
  "birthDate.part": 3.1,
  "birthDate.other": -8.4,
  "documentNumber.same": 10,
  "documentNumber.near": 10,
  "documentNumber.other": -1.5,
  "documentNumber.otherKind": -1.4,
  "email.same": 5.7,
  "email.name": 5.7,
  "email.near": 2.7,
  "email.other": -1.8,
  "phone.same": 5.9,
  "phone.near": 5.9,
  "phone.other": -2.4,
  "social.same": 5.9,
};

/**
 * The usual weights with some of them changed, as a setting says it: "birthDate.other=-4,prior=-8".
 * @throws Error naming what is no weight
 */
export function weightsOf(changes = ""): Weights {
  const changed = changes
    .split(",")
    .filter(Boolean)
    .map((one) => one.split("="));
  const unknown = changed.find(([name = ""]) => !(name in usualWeights));
  if (unknown) {
    throw new Error(
      `The setting SIMILARITY_WEIGHTS names ${unknown[0] ?? ""}, which is no weight.`,
    );
  }
  return {
    ...usualWeights,
    ...Object.fromEntries(changed.map(([name, value]) => [name, Number(value)])),
  };
}
