/**
 * The ways a request can be refused. Tell them apart by `type`: across the wire an error keeps
 * its type, code and data, but not its class.
 */
import { Errors } from "moleculer";

const { MoleculerClientError, MoleculerServerError } = Errors;

/** One field that breaks the contract: `contactPoints[0].value`, why, and a stable code. */
export interface FieldFault {
  path: string;
  message: string;
  code: string;
}

/** 422: fields break the contract. Names each; never repeats the value. */
export const invalid = (errors: FieldFault[]) =>
  new MoleculerClientError("The request breaks the contract", 422, "VALIDATION_ERROR", { errors });

/** 422 for one field that only a rule, not the contract, can refuse. */
export const invalidField = (path: string, message: string, code = "invalid") =>
  invalid([{ path, message, code }]);

/** 400: not the right syntax. */
export const malformed = (message: string, type = "MALFORMED") =>
  new MoleculerClientError(message, 400, type);

/** 404: unknown, or not visible to the one who asks; both look the same. */
export const notFound = (what: string, id: string) =>
  new MoleculerClientError(`There is no such ${what}`, 404, "NOT_FOUND", { what, id });

/** 409: the state forbids it. `type` is stable, such as `CASE_CLOSED`. */
export const conflict = (type: string, message: string, data: object = {}) =>
  new MoleculerClientError(message, 409, type, data);

/**
 * 308: it was merged into another, which stands for it for ever (D03). The gateway redirects who
 * reads, and refuses who writes: 409 `CUSTOMER_MERGED`.
 * @param id what was asked for, as it stands in the path
 */
export const moved = (what: string, id: string, survivorId: string) =>
  new MoleculerClientError(`This ${what} was merged into another`, 308, "MOVED", {
    what,
    id,
    survivorId,
  });

/** 403: signed in, but not allowed. */
export const forbidden = (needs: string) =>
  new MoleculerClientError(`This needs the permission ${needs}`, 403, "FORBIDDEN", { needs });

/** 403: may do it, but not to this one. */
export const notYours = (message: string) => new MoleculerClientError(message, 403, "FORBIDDEN");
/** 403: to be read, but not to be changed by the one who asks. */
export const readOnly = (what: string, id: string) =>
  new MoleculerClientError(`This ${what} may only be read`, 403, "READ_ONLY", { what, id });

/** 401: no credentials, or bad ones. */
export const unauthorized = (message = "Please sign in") =>
  new MoleculerClientError(message, 401, "UNAUTHORIZED");

/** 412: somebody else changed it since it was read. */
export const stale = (what: string, id: string, version: number) =>
  new MoleculerClientError(`The ${what} has changed since you read it`, 412, "STALE_VERSION", {
    what,
    id,
    version,
  });

/** 428: a write that two may make needs `If-Match`. */
export const versionNeeded = () =>
  new MoleculerClientError("Send If-Match with the version you read", 428, "VERSION_NEEDED");

/** 413: more than the limit allows. */
export const tooLarge = (message: string) => new MoleculerClientError(message, 413, "TOO_LARGE");

/** 429: this caller asks too often. */
export const tooMany = (retryAfterSeconds: number) =>
  new MoleculerClientError("Too many requests", 429, "TOO_MANY_REQUESTS", { retryAfterSeconds });

/** 503: cannot be answered now; the same request may pass later. */
export const unavailable = (message: string, retryAfterSeconds = 2) =>
  new MoleculerServerError(message, 503, "UNAVAILABLE", { retryAfterSeconds });

/** What is left of an error after it crossed the bus. */
export interface Refusal {
  type: string;
  code: number;
  message: string;
  data?: Record<string, unknown>;
}

/** Whether something thrown is one of ours or of Moleculer's, which carry type and code. */
export const isRefusal = (error: unknown): error is Refusal & Error =>
  error instanceof Error &&
  typeof (error as Partial<Refusal>).type === "string" &&
  typeof (error as Partial<Refusal>).code === "number";

/** The error of a refusal that was told as data. */
export const refused = ({ message, code, type, data }: Refusal) =>
  new MoleculerClientError(message, code, type, data);
