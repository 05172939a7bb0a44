import { expect, test } from "@jest/globals";
import { shortForm } from "./short-form.ts";

test("P7: customers who are merged while they write and processes are killed keep everything, once", async () => {
  const said = await shortForm(
    "merge-drill.ts",
    ...["--merges", "20", "--kills", "3", "--seed", "11", "--few"],
  );

  expect(said).toMatch(/, 20 merges in/);
  expect(said).toMatch(/^faults 0$/m);
}, 240_000);

test("P7: cases that are merged while messages come and processes are killed keep everything, once", async () => {
  const said = await shortForm(
    "merge-drill.ts",
    ...["--of", "cases", "--merges", "8", "--kills", "1", "--seed", "5", "--writers", "3", "--few"],
  );

  expect(said).toMatch(/, 8 merges in/);
  expect(said).toMatch(/^faults 0$/m);
}, 240_000);
