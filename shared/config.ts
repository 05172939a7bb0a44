/** What the environment says, read once and checked by the same vocabulary as the contracts. */
import { email, oneOf, optional, text, whole, withDefault, word, type Received } from "./fields.ts";
import { compileShape } from "./validation.ts";

const port = whole(0, 65_535);

const Environment = {
  HOST: withDefault(text(255), "127.0.0.1"),
  PORT: withDefault(port, 3000),
  METRICS_PORT: optional(port),
  PUBLIC_URL: optional(word(/^https?:\/\/[^\s]+$/, 500)),
  MONGODB_URL: withDefault(word(/^mongodb(\+srv)?:\/\/[^\s]+$/, 1000), "mongodb://127.0.0.1:27017"),
  NATS_URL: withDefault(word(/^(nats|tls):\/\/[^\s]+$/, 1000), "nats://127.0.0.1:4222"),
  /** Tells apart installations on the same servers: databases, stream and subjects carry it. */
  NAMESPACE: withDefault(word(/^[a-z][a-z0-9_]{0,30}$/), "casewire"),
  ADMIN_EMAIL: withDefault(email, "admin@example.com"),
  ADMIN_PASSWORD: optional(text(200, 8)),
  /** The mail server that e-mails to users go out by, and whom they are from. */
  SMTP_URL: optional(word(/^smtps?:\/\/[^\s]+$/, 1000)),
  MAIL_FROM: optional(email),
  /** The page of the frontend that takes the token of a password reset. */
  PASSWORD_RESET_URL: optional(word(/^https?:\/\/[^\s#]+$/, 500)),
  /** A provider of OpenID Connect; without TLS only on this machine. */
  OIDC_ISSUER: optional(
    word(/^(https:\/\/[^\s]+|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/[^\s]*)?)$/, 500),
  ),
  OIDC_CLIENT_ID: optional(text(300)),
  OIDC_CLIENT_SECRET: optional(text(500)),
  OIDC_SCOPES: withDefault(text(500), "openid email profile"),
  /** Where the provider sends the browser back to; a page of the frontend, or the callback itself. */
  OIDC_REDIRECT_URL: optional(word(/^https?:\/\/[^\s#]+$/, 500)),
  /** Hosts of the company's own network that tabs of cases may lead to, as `host:port`. */
  HOSTS_INSIDE: optional(word(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5}){0,50}$/, 5_000)),
  LOG_LEVEL: withDefault(oneOf("fatal", "error", "warn", "info", "debug", "trace"), "info"),
  LOG_FORMAT: withDefault(oneOf("text", "json"), "json"),
  /** A call between services that takes longer is given up (P12). */
  REQUEST_TIMEOUT_MS: withDefault(whole(100, 60_000), 4_500),
  /** How long an inbound message waits for its case before it is answered 202. */
  INBOUND_WAIT_MS: withDefault(whole(0, 30_000), 2_000),
  /** So long after it began an erasure looks everywhere once more, for what was on its way (B08). */
  ERASURE_SETTLE_MS: withDefault(whole(0, 3_600_000), 30_000),
  /** The hour of the night, in UTC, at which the content of cases kept long enough goes (B08). */
  RETENTION_HOUR: withDefault(whole(0, 23), 2),
  /** Seconds without a sign of life after which a session counts as gone (D11). */
  PRESENCE_GRACE_SECONDS: withDefault(whole(1, 3_600), 90),
  /** How long users find what they were told. */
  NOTIFICATION_RETENTION_DAYS: withDefault(whole(1, 3_650), 90),
  /** How long an agent is offline before the cases go back to the queue (B10). */
  OFFLINE_GRACE_MS: withDefault(whole(0, 86_400_000), 30_000),
  /** How long before a next action whoever has the case is reminded of it (F175). */
  REMINDER_LEAD_MINUTES: withDefault(whole(0, 10_080), 15),
  /** How long a next action is taken to last: closer together, two overlap (F178). */
  NEXT_ACTION_MINUTES: withDefault(whole(1, 1_440), 30),
  /** How long the rules log tells what business rules did. */
  RULE_LOG_DAYS: withDefault(whole(1, 3_650), 365),
  /** How often business rules that wait for time to pass look through the open cases. */
  RULE_SWEEP_SECONDS: withDefault(whole(1, 86_400), 60),
  /** Bytes of one file that a user attaches to a case, and of all of them on one case. */
  ATTACHMENT_MAX_BYTES: withDefault(whole(1, 200 * 1024 * 1024), 25 * 1024 * 1024),
  ATTACHMENTS_OF_CASE_MAX_BYTES: withDefault(whole(1, 1e12), 500 * 1024 * 1024),
  /** How long a draft is kept that is not saved again (B12). */
  DRAFT_DAYS: withDefault(whole(1, 3_650), 30),
  /** Requests a minute that one signed-in user, one connector and one address may make. */
  RATE_LIMIT_USER: withDefault(whole(1, 100_000_000), 6_000),
  RATE_LIMIT_CONNECTOR: withDefault(whole(1, 100_000_000), 600_000),
  RATE_LIMIT_ADDRESS: withDefault(whole(1, 100_000_000), 3_000),
  /** From how many per cent on a similar customer is called likely the same (F036). */
  SIMILARITY_LIKELY_FROM: withDefault(whole(1, 100), 60),
  /** Weights of similarity that differ from the usual ones, such as "birthDate.other=-4". */
  SIMILARITY_WEIGHTS: optional(
    word(/^[a-zA-Z.]+=-?\d{1,2}(\.\d+)?(,[a-zA-Z.]+=-?\d{1,2}(\.\d+)?)*$/, 2_000),
  ),
  /** How many proxies in front of the gateway may be believed about the caller's address. */
  TRUSTED_PROXIES: withDefault(whole(0, 10), 0),
};

/** Settings that are of no use without another, or one of several others. */
const together: readonly (readonly [string, readonly string[]])[] = [
  ["OIDC_ISSUER", ["OIDC_CLIENT_ID"]],
  ["OIDC_ISSUER", ["OIDC_REDIRECT_URL", "PUBLIC_URL"]],
];

export type Config = Readonly<Received<typeof Environment>>;

const check = compileShape(Environment);
const numeric = Object.entries(Environment).flatMap(([name, field]) =>
  field.type === "number" ? [name] : [],
);

/**
 * Reads the settings out of an environment; names not known here are left alone.
 * @throws Error with one line that names the setting and what is wrong with it
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(Environment)) {
    const value = environment[name];
    if (value === undefined || value === "") continue;
    values[name] = numeric.includes(name) && /^\d+$/.test(value) ? Number(value) : value;
  }
  const [fault] = check(values);
  if (fault) throw new Error(`The setting ${fault.path} ${fault.message}.`);
  requireTogether(values);
  return Object.freeze(values as unknown as Config);
}

function requireTogether(values: Record<string, unknown>): void {
  for (const [name, needed] of together) {
    if (values[name] !== undefined && needed.every((one) => values[one] === undefined)) {
      throw new Error(`The setting ${name} needs ${needed.join(" or ")}.`);
    }
  }
}

let read: Config | undefined;

/** The settings of this process. */
export const config = (): Config => (read ??= readConfig(process.env));
