/** NATS_URL as NATS's client takes it: one server or several with commas, and how to sign in there. */
import type { ConnectionOptions } from "nats";

/**
 * `nats://host:port`, `tls://…`, `nats://user:password@…` or `nats://token@…`, several with commas.
 * What is not plain in a password or token is percent-encoded; the first address says it for all.
 */
export function natsAddress(url: string): ConnectionOptions & { servers: string[] } {
  const urls = url.split(",").map((one) => new URL(one.trim()));
  const [first] = urls;
  return {
    servers: urls.map(({ host }) => host),
    ...credentialsOf(first),
    ...(first?.protocol === "tls:" ? { tls: {} } : {}),
  };
}

function credentialsOf(url: URL | undefined) {
  const user = decodeURIComponent(url?.username ?? "");
  const pass = decodeURIComponent(url?.password ?? "");
  if (pass) return { user, pass };
  return user ? { token: user } : {};
}
