/** How users import workbooks, through the gateway. */
import { randomInt } from "node:crypto";
import type { ImportRow } from "#shared/contracts/imports/import.ts";
import { until } from "#shared/testing/until.ts";
import { bookOf } from "../workbook.ts";
import { expected, type System } from "../system/system.ts";

/** An import as the API shows it. */
export interface Shown {
  id: string;
  state: string;
  counts: Record<string, number>;
  dryRun?: Record<string, number>;
  confirmationToken?: string;
  suggestedMapping: Record<string, string>;
  fault?: { code: string; missing?: string[] };
  progress: { phase: string; done: number; total: number };
  options: Record<string, unknown>;
  closingJobId?: string;
}

export type Rows = readonly (readonly unknown[])[];

interface Sent {
  token?: string;
  options?: object | string;
  key?: string;
  fileName?: string;
}

async function formOf(
  campaignId: string,
  book: Rows | Buffer | undefined,
  { options, fileName = "accounts.xlsx" }: Sent,
): Promise<FormData> {
  const form = new FormData();
  if (book) {
    const bytes = Buffer.isBuffer(book) ? book : await bookOf(book);
    form.append("file", new Blob([new Uint8Array(bytes)]), fileName);
  }
  form.append("campaignId", campaignId);
  if (options) {
    form.append("options", typeof options === "string" ? options : JSON.stringify(options));
  }
  return form;
}

/** Posts a form; any answer may come back. */
const postTo =
  (url: string, system: System, campaignId: string) =>
  async (book: Rows | Buffer | undefined, sent: Sent = {}): Promise<Response> => {
    const { token = system.token, key } = sent;
    const repeatable = key ? { "idempotency-key": key } : {};
    return fetch(url, {
      method: "POST",
      body: await formOf(campaignId, book, sent),
      headers: { authorization: `Bearer ${token}`, ...repeatable },
    });
  };

/** @param campaignId into which is imported, as the first administrator where no token is given */
export function importsInto(system: System, campaignId: string) {
  const url = `http://127.0.0.1:${String(system.port)}/api/v1`;

  const post = postTo(`${url}/imports`, system, campaignId);
  const ask = (method: string, path: string, token = system.token, body?: object) =>
    system.http(method, `/api/v1/imports/${path}`, { token, ...(body ? { body } : {}) });
  const get = async (id: string, token?: string) =>
    expected(await ask("GET", id, token), 200).json<Shown>();
  const settled = (id: string, token?: string) =>
    until(
      async () => {
        const one = await get(id, token);
        return !["checking", "running"].includes(one.state) && one;
      },
      { withinMs: 60_000, everyMs: 50 },
    );
  const checked = async (book: Rows | Buffer, sent: Sent = {}): Promise<Shown> => {
    const answer = await post(book, sent);
    const text = await answer.text();
    if (answer.status !== 202) throw new Error(`Answered ${String(answer.status)}: ${text}`);
    return settled((JSON.parse(text) as Shown).id, sent.token);
  };
  const run = async ({ id, confirmationToken }: Shown, token?: string): Promise<Shown> => {
    const body = confirmationToken ? { confirmationToken } : {};
    expected(await ask("POST", `${id}/run`, token, body), 202);
    return settled(id, token);
  };
  const rowsOf = async ({ id }: Pick<Shown, "id">, outcome?: string): Promise<ImportRow[]> => {
    const query = `limit=200${outcome ? `&outcome=${outcome}` : ""}`;
    const answer = expected(await ask("GET", `${id}/rows?${query}`), 200);
    return answer.json<{ items: ImportRow[] }>().items;
  };
  const workbook = async (path: string, token = system.token): Promise<Response> =>
    fetch(`${url}/imports/${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { post, ask, get, settled, checked, run, rowsOf, workbook };
}

/** A document number that nobody else has. */
export const aNumber = (): string => String(randomInt(1e12, 9e12));
