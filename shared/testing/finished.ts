/** Clean-up that runs after the current test, last registered first. */
import { afterEach } from "@jest/globals";

const pending: (() => Promise<void> | void)[] = [];

export const onTestFinished = (cleanUp: () => Promise<void> | void) => pending.push(cleanUp);

afterEach(async () => {
  for (const cleanUp of pending.splice(0).reverse()) await cleanUp();
});
