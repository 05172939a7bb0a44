/** The headers that every answer carries. */

const strict = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Security headers; `publicUrl` says whether browsers may be told to insist on https. */
export const securityHeaders = (publicUrl: string | undefined): Record<string, string> => ({
  "content-security-policy": strict,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  ...(publicUrl?.startsWith("https:")
    ? { "strict-transport-security": "max-age=31536000; includeSubDomains" }
    : {}),
});
