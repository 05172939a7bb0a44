/** Logs: JSON lines for machines or one readable line for people; never bodies, tokens or names. */
import pino from "pino";
import type { LoggerConfig } from "moleculer";
import { config } from "./config.ts";

/** Whatever is logged beside a message loses these: credentials, and what a person said or is called. */
const hidden = [
  ...["authorization", "password", "token", "accessToken", "refreshToken", "key", "text", "html"],
  ...["subject", "value", "email", "params", "body", "headers"],
];

const options: pino.LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
  redact: { paths: hidden.flatMap((name) => [name, `*.${name}`]), remove: true },
  hooks: {
    // Moleculer and we say the message first and what belongs to it second; pino wants it reversed.
    logMethod(said, method) {
      const [message, details] = said as unknown[];
      if (typeof message === "string" && details && typeof details === "object") {
        method.call(this, details, message);
      } else method.apply(this, said);
    },
  },
};

/** Moleculer's logger: text for a person at a terminal, JSON otherwise; both to standard output. */
export function brokerLogger(): LoggerConfig {
  const { LOG_LEVEL: level, LOG_FORMAT } = config();
  return LOG_FORMAT === "text"
    ? { type: "Console", options: { level, formatter: "short", colors: process.stdout.isTTY } }
    : { type: "Pino", options: { level, pino: { options } } };
}
