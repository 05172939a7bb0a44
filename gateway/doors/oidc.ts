/** Signing in with a provider of OpenID Connect: the browser goes there and comes back. */
import type { IncomingHttpHeaders } from "node:http";
import { config } from "#shared/config.ts";
import type { Received } from "#shared/fields.ts";
import { contracts } from "#shared/contracts/index.ts";
import type { Door } from "../door.ts";

const cookie = "casewire_oidc";
const forSeconds = 600;

/** The secret stays with the browser: a link that somebody else sent leads to no sign-in. */
export const oidcStart: Door = async (_request, call) => {
  const { url, browser } = await call("identity.startOidc", {});
  return {
    status: 302,
    headers: { location: url, "set-cookie": cookieOf(browser, forSeconds) },
  };
};

type Back = Received<typeof contracts.identity.doors.oidcCallback.accepts>;

export const oidcCallback: Door = async ({ params, headers }, call) => {
  const { state, code, iss } = params as Back;
  const body = await call("identity.finishOidc", {
    state,
    ...(code === undefined ? {} : { code }),
    ...(iss === undefined ? {} : { iss }),
    ...browserOf(headers),
  });
  return { headers: { "set-cookie": cookieOf("", 0) }, body };
};

function cookieOf(value: string, seconds: number): string {
  const parts = [`${cookie}=${value}`, "Path=/api/v1/auth/oidc", `Max-Age=${seconds}`];
  const isSecure = config().PUBLIC_URL?.startsWith("https:");
  return [...parts, "HttpOnly", "SameSite=Lax", ...(isSecure ? ["Secure"] : [])].join("; ");
}

function browserOf({ cookie: all = "" }: IncomingHttpHeaders): { browser?: string } {
  const browser = /(?:^|;\s*)casewire_oidc=([\w-]{1,200})(?:;|$)/.exec(all)?.[1];
  return browser === undefined ? {} : { browser };
}
