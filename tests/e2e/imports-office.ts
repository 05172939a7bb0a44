/** A team with two campaigns, and what tests of imports look at there. */
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { expect } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import type { Account } from "#shared/contracts/customers/accounts.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { expected, makeInbox } from "../system/system.ts";
import { readWorkbook } from "../workbook.ts";
import { importsInto } from "./importing.ts";
import { startTeam } from "./team.ts";

export const headings = [
  ...["Document type", "Document number", "First name", "Last name", "Account number"],
];

export async function startImporting() {
  const team = await startTeam({ ERASURE_SETTLE_MS: "0" });
  const { system, inbox, ask, agent } = team;
  const other = await makeInbox(system);
  const quiet = { queueAssignment: false };
  expected(await ask("PUT", `/campaigns/${other.campaignId}/options`, system, quiet), 200);
  const user = expected(await ask("GET", `/users/${agent.id}`), 200).json<{ email: string }>();

  return {
    ...team,
    other,
    agentEmail: user.email,
    imports: importsInto(system, inbox.campaignId),
    elsewhere: importsInto(system, other.campaignId),
    customerWith: async (number: string): Promise<Customer | undefined> =>
      expected(await ask("GET", `/customers?q=${number}`), 200).json<{ items: Customer[] }>()
        .items[0],
    accountsOf: async (id: string): Promise<Account[]> =>
      expected(await ask("GET", `/customers/${id}/accounts`), 200).json<{ items: Account[] }>()
        .items,
    casesOf: async (id: string): Promise<Case[]> =>
      expected(await ask("GET", `/cases?customerId=${id}`), 200).json<{ items: Case[] }>().items,
  };
}

export type Importing = Awaited<ReturnType<typeof startImporting>>;

/** Status, code and the first field of a problem. */
export async function problem(answer: Response): Promise<[number, string, string | undefined]> {
  const { status, code, errors } = (await answer.json()) as {
    status: number;
    code: string;
    errors?: { path: string }[];
  };
  return [status, code, errors?.[0]?.path];
}

export async function sheetOf(answer: Response): Promise<unknown[][]> {
  expect(answer.status).toBe(200);
  return readWorkbook(Readable.fromWeb(answer.body as ReadableStream));
}
