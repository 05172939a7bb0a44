import { expect, test } from "@jest/globals";
import { startBus } from "#shared/testing/bus.ts";
import identity from "../identity.service.ts";

test("without a provider there is no sign-in at one", async () => {
  const bus = await startBus(identity);

  await expect(bus.call("identity.startOidc", {})).rejects.toMatchObject({ code: 404 });
  const finished = bus.call("identity.finishOidc", { state: "s", code: "c", browser: "b" });
  await expect(finished).rejects.toMatchObject({ code: 404 });
});
