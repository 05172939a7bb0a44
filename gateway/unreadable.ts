/** Answers what is not even HTTP, or comes too slowly, as far as anybody still listens. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { newId } from "#shared/ids.ts";
import { problem } from "./problems.ts";

interface ParserError extends Error {
  code?: string;
}

const refusals: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, "HEADERS_TOO_LARGE", "The request's headers are too large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "TOO_SLOW", "The request took too long to arrive"],
};
const malformed = [400, "MALFORMED", "This is not an HTTP request"] as const;

/** Node's `clientError` as a problem document. */
export function refuseUnreadable(headers: Readonly<Record<string, string>>) {
  return (error: ParserError, socket: Socket): void => {
    if (error.code === "ECONNRESET" || !socket.writable || answerHasBegun(socket)) {
      socket.destroy();
      return;
    }
    const [status, code, detail] = refusals[error.code ?? ""] ?? malformed;
    const requestId = newId();
    const { headers: own, body } = problem(status, code, detail, requestId);
    const all = {
      ...headers,
      ...own,
      "x-request-id": requestId,
      "content-length": String(Buffer.byteLength(body)),
      connection: "close",
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`);
  };
}

/** Node keeps the answer under way here; writing between its parts would spoil both. */
const answerHasBegun = (socket: Socket): boolean =>
  (socket as { _httpMessage?: { headersSent?: boolean } | null })._httpMessage?.headersSent ??
  false;
