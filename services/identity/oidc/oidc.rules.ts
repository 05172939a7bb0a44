/** What of a provider's word counts. */

/** Signatures by a key of the provider's that we fetch; none that we could make ourselves. */
const allowed = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].concat([
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
]);

export const isAllowedAlgorithm = (algorithm: unknown): boolean =>
  typeof algorithm === "string" && allowed.includes(algorithm);

type Claims = Readonly<Record<string, unknown>>;

/** The e-mail address that the provider vouches for. */
export const verifiedEmail = (claims: Claims): string | undefined => {
  const { email, email_verified: isVerified } = claims;
  return typeof email === "string" && isVerified === true ? email : undefined;
};
