/** The first start: somebody must be there to create the others. */
import type { Logger } from "moleculer";
import { system } from "#shared/actor.ts";
import { config } from "#shared/config.ts";
import { newId } from "#shared/ids.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { hashPassword } from "./password.ts";
import * as rules from "./users.rules.ts";
import { addUser } from "./users.ts";
import * as users from "./users.store.ts";

/** Makes the administrator of the settings when there is no user yet; of many replicas, one does. */
export async function makeFirstAdministrator(logger: Logger): Promise<void> {
  if (await users.isThereAny()) return;
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config();
  if (!password) {
    logger.warn(
      "There is no user yet, so nobody can sign in: start once with ADMIN_EMAIL and ADMIN_PASSWORD set",
    );
    return;
  }
  const wanted = { email, name: "Administrator", role: "administrator", language: "en" } as const;
  const made = { by: system.id, at: new Date() };
  const account = rules.open(newId(), wanted, await hashPassword(password), made);
  await addUser({ meta: {} }, account).catch((error: unknown) => {
    if (!isDuplicate(error, "emailKey")) throw error;
  });
}
