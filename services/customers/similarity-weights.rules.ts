/**
 * What each agreement and disagreement is worth, in bits, for how likely two customers are one
 * person. Estimated by `npm run bench -- similar --estimate` on generated duplicates; see
 * docs/decisions/0013-similar-customers.md.
 */
export type MatchedField = "name" | "birthDate" | "documentNumber" | "email" | "phone" | "social";

/** `prior`, and by field and level, such as `birthDate.swapped`. */
export type Weights = Readonly<Record<string, number>>;

export const usualWeights: Weights = {
  prior: -5,
  "name.three": 5,
  "name.threeNear": 4,
  "name.two": 3,
  "name.twoNear": 2,
  "name.one": 1,
  "name.oneNear": 0.5,
  /** For each halving of the number who share the name's sounds, from 100 down. */
  "name.rare": 0.5,
  "name.clashNear": 0,
  "name.clash": -2,
  "name.clashMore": -4,
  "name.none": -7,
  "birthDate.same": 4,
  "birthDate.swapped": 5,
  "birthDate.near": 3,
  "birthDate.part": -1,
  "birthDate.other": -5,
  "documentNumber.same": 9,
  "documentNumber.near": 8,
  "documentNumber.other": -6,
  "documentNumber.otherKind": 0,
  "email.same": 6,
  "email.name": 5,
  "email.near": 4,
  "email.other": -1,
  "phone.same": 5,
  "phone.near": 4,
  "phone.other": -1,
  "social.same": 6,
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
