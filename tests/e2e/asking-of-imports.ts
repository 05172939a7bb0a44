/** Everything that is asked about imports, to be held against its description. */
import { until } from "#shared/testing/until.ts";
import type { Asking } from "./asking.ts";
import { aNumber, importsInto } from "./importing.ts";

/** Asks all of it; the workbooks and the upload are taken in in `imports.test.ts`. */
export async function askOfImports({
  system,
  inbox,
  ask,
}: Pick<Asking, "system" | "inbox" | "ask">): Promise<void> {
  const imports = importsInto(system, inbox.campaignId);
  const book = [
    ["Document type", "Document number", "First name"],
    ["CC", aNumber(), "Ada"],
    ["CC", "", "Eva"],
  ];
  const { id } = await imports.checked(book);
  const path = { id };
  const isChecked = async () => (await imports.get(id)).state === "checked";
  await ask("imports.list", { query: "?count=true" });
  await ask("imports.listFields");
  await ask("imports.get", { path });
  await ask("imports.change", { path, body: { createCases: true } });
  await until(isChecked);
  await ask("imports.listRows", { path, query: "?outcome=rejected&count=true" });
  await ask("imports.run", { path, body: {} });
  await ask("imports.cancel", { path });
}
