/** Logs: JSON lines for machines or one readable line for people; never bodies, tokens or names. */
import pino, { type Logger } from "pino";
import type { LoggerConfig } from "moleculer";
import { config } from "./config.ts";

const hidden = [
  "authorization",
  "password",
  "token",
  "accessToken",
  "refreshToken",
  "key",
  "text",
  "html",
  "subject",
  "value",
  "email",
  "name",
];

let root: Logger | undefined;

/** This process's log; everything goes to standard output. */
export function log(): Logger {
  root ??= pino({
    level: config().LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    redact: {
      paths: hidden.flatMap((name) => [`params.${name}`, `body.${name}`, `headers.${name}`]),
      remove: true,
    },
  });
  return root;
}

/** Moleculer's logger, writing to ours: text for a person at a terminal, JSON otherwise. */
export const brokerLogger = (): LoggerConfig =>
  config().LOG_FORMAT === "text"
    ? {
        type: "Console",
        options: { level: config().LOG_LEVEL, formatter: "short", colors: process.stdout.isTTY },
      }
    : {
        type: "Pino",
        options: {
          level: config().LOG_LEVEL,
          pino: { options: { base: null, timestamp: pino.stdTimeFunctions.isoTime } },
        },
      };
