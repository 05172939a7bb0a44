/** Another system for tests, as a company has one: HTTPS on this machine, which this process trusts. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** For tests only, of localhost and crm.example.com; protects nothing. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaLfh7AdDqxDIkaeM
H+uYseE24dkO8DPVJ4atRJueC+mhRANCAARkpKAqtY9kz/vrkFBttLutw/mO5r1y
k+CJ/ljUmFEQ2VwdpzJjKLWICDOm29Gy2QmuGa74oIm6ZTug87TgGH5e
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBcjCCARigAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGSkoCq1j2TP++uQ
UG20u63D+Y7mvXKT4In+WNSYURDZXB2nMmMotYgIM6bb0bLZCa4ZrvigibplO6Dz
tOAYfl6jWTBXMCUGA1UdEQQeMByCCWxvY2FsaG9zdIIPY3JtLmV4YW1wbGUuY29t
MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFE354G/DL0N8045ho9LscEM6JHgu
MAoGCCqGSM49BAMCA0gAMEUCIQDaYlSH7LdlSMmSlVlig3vhdtxb/xREuxFFGsi1
Lb5/MwIgJIfMIbOxlfrFdBhEgzxDqRV+Ad/Hl8/61+abQgWnxkA=
-----END CERTIFICATE-----`;

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

export const json =
  (answer: unknown, status = 200): Answering =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  };

/** A system that answers as the last `answer` says, and remembers the paths that it was asked. */
export async function startAnotherSystem() {
  setDefaultCACertificates([...getCACertificates("default"), cert]);
  let answering: Answering = json({});
  const asked: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    asked.push(String(request.url));
    answering(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    cert,
    port,
    asked,
    host: `localhost:${String(port)}`,
    url: `https://localhost:${String(port)}`,
    answer(how: Answering) {
      answering = how;
      asked.length = 0;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
