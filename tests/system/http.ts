/** A small HTTP client for tests and measurements: keep-alive, JSON in and out, no redirects. */
import { Agent, request, type IncomingHttpHeaders } from "node:http";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body read as JSON; undefined where there is none. */
  json: <T = Record<string, unknown>>() => T;
}

export interface Asked {
  body?: object | string | undefined;
  token?: string | undefined;
  headers?: Record<string, string> | undefined;
}

export interface Http {
  (method: string, path: string, asked?: Asked): Promise<Answer>;
  /** Closes its connections: a gateway that stops waits a second for those that are kept alive. */
  close: () => void;
}

/** A client of one gateway; it rejects only when there is no answer at all. */
export function httpClient(port: number, timeoutMs = 30_000): Http {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
  const ask = (method: string, path: string, { body, token, headers = {} }: Asked = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = typeof body === "object" ? JSON.stringify(body) : body;
      const outgoing = request(
        {
          agent,
          host: "127.0.0.1",
          port,
          method,
          path,
          timeout: timeoutMs,
          headers: { ...headersOf(sent, token), ...headers },
        },
        (incoming) => {
          let text = "";
          incoming.setEncoding("utf8");
          incoming.on("data", (part: string) => (text += part));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const { statusCode: status = 0, headers: received } = incoming;
            resolve({ status, headers: received, text, json: <T>() => JSON.parse(text) as T });
          });
        },
      );
      outgoing.on("timeout", () =>
        outgoing.destroy(new Error(`No answer in ${String(timeoutMs)} ms`)),
      );
      outgoing.on("error", reject);
      outgoing.end(sent);
    });
  return Object.assign(ask, {
    close() {
      agent.destroy();
    },
  });
}

const headersOf = (sent: string | undefined, token: string | undefined) => ({
  ...(sent === undefined
    ? {}
    : { "content-type": "application/json", "content-length": String(Buffer.byteLength(sent)) }),
  ...(token ? { authorization: `Bearer ${token}` } : {}),
});
