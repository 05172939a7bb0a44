/** Turns what goes wrong inside into what a caller may know. */
import { Errors, type Logger } from "moleculer";
import { isRefusal, unavailable } from "./errors.ts";

/** Names of the driver's errors that a later try may not meet. */
const passing = new Set([
  "MongoNetworkError",
  "MongoNetworkTimeoutError",
  "MongoServerSelectionError",
  "MongooseServerSelectionError",
  "MongoNotConnectedError",
  "MongoPoolClearedError",
  "PoolClearedError",
  "MongoPoolClosedError",
  "PoolClosedError",
  "MongoClientClosedError",
  "MongoTopologyClosedError",
  "MongoWaitQueueTimeoutError",
  "MongoExpiredSessionError",
  "MongoWriteConcernError",
]);

/** NotWritablePrimary, InterruptedAtShutdown, MaxTimeMSExpired, SnapshotUnavailable and the like. */
const passingCodes = new Set([50, 91, 112, 189, 239, 246, 251, 10107, 11600, 11602, 13435, 13436]);

/** Moleculer's ways to say that a neighbour is away or slow. */
const absent = new Set([
  "SERVICE_NOT_FOUND",
  "SERVICE_NOT_AVAILABLE",
  "REQUEST_TIMEOUT",
  "REQUEST_REJECTED",
  "QUEUE_FULL",
]);

/** Labels by which the driver says that the same may succeed later. */
const passingLabels = [
  "TransientTransactionError",
  "UnknownTransactionCommitResult",
  "RetryableWriteError",
];

interface DatabaseFault {
  name?: string;
  code?: unknown;
  hasErrorLabel?: (label: string) => boolean;
  /** What a bulk write met, such as a lost connection, behind an error of its own. */
  errorResponse?: unknown;
  cause?: unknown;
}

/** Whether the database is away or busy, so that the same request may pass later. */
export function isPassing(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 3) return false;
  const fault = error as DatabaseFault;
  return (
    passing.has(String(fault.name)) ||
    passingCodes.has(Number(fault.code)) ||
    passingLabels.some((label) => fault.hasErrorLabel?.(label)) ||
    [fault.errorResponse, fault.cause].some((behind) => isPassing(behind, depth + 1))
  );
}

/** Whether a neighbour could not be reached or did not answer in time. */
export const isAbsence = (error: unknown): boolean =>
  isRefusal(error) && (absent.has(error.type) || error.type === "UNAVAILABLE");

/** What a fault says, without the values that the database quotes: they may be personal (P16). */
export const saidBy = (error: unknown): string =>
  String((error as Partial<Error> | null)?.message ?? error).replace(
    /( dup key: | for value | value: ).*$/su,
    "$1…",
  );

/** What a caller gets for a fault: refusals as they are, absences as 503, the rest as 500. */
export function faultToRefusal(error: unknown, logger: Logger, action: string): unknown {
  if (isPassing(error)) return unavailable("The data cannot be reached right now");
  if (isRefusal(error)) {
    return isAbsence(error)
      ? unavailable("A part of the system cannot be reached right now")
      : error;
  }
  const { name, stack = "" } = error as Error;
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  logger.error(`${action} failed`, { name, message: saidBy(error), stack: frames.join("\n") });
  return new Errors.MoleculerServerError("Something went wrong on our side", 500, "INTERNAL");
}
