/** Everything that is asked about related and merged cases, to be held against its description. */
import { aMessage, expected, post } from "../system/system.ts";
import type { Asking } from "./asking.ts";

/** Two cases that are related, and merged with their customers. */
export async function askOfMerging({ ask, inbox, system }: Asking): Promise<void> {
  const filed = async () =>
    expected(await post(system.http, inbox, aMessage()), 201).json<{
      case: { id: string; number: number };
      customer: { id: string };
    }>();
  const [one, other] = [await filed(), await filed()];
  const path = { id: one.case.id };
  const number = String(other.case.number);
  const relation = await ask("cases.addRelation", { path, body: { relatedCaseId: number } });
  await ask("cases.listRelations", { path, query: "?limit=1" });
  await ask("cases.deleteRelation", { path: { ...path, relationId: relation.id } });

  const customers = { mergeCustomers: true, survivorCustomerId: one.customer.id };
  const body = { otherCaseId: number, survivorCaseId: one.case.id, ...customers };
  await ask("cases.previewMerge", { path, body });
  await ask("cases.merge", { path, body });
  await ask("cases.listMerges", { path, query: "?count=true" });
  await ask("cases.get", { path });
}
