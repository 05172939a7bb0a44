import { expect, test } from "@jest/globals";
import { shortForm } from "./short-form.ts";

test("P1-P4, P12: while services, gateway, nats-server and mongod are killed nothing is lost, doubled or left out", async () => {
  const said = await shortForm(
    "drill.ts",
    ...["--messages", "400", "--kills", "5", "--seed", "6", "--few"],
  );

  expect(said).toMatch(/^lost 0, doubled 0, gaps 0$/m);
  expect(said).toMatch(/"interactions":400/);
}, 180_000);
