import { expect, test } from "@jest/globals";
import type { Logger } from "moleculer";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, startBus } from "#shared/testing/bus.ts";
import { makeFirstAdministrator } from "./first-start.ts";
import identity from "./identity.service.ts";
import { signIn } from "./builders.ts";

process.env["ADMIN_EMAIL"] = "boss@example.com";
process.env["ADMIN_PASSWORD"] = "open sesame, please";

const noLogger = {} as Logger;

test("F225: at the first start the administrator of the settings is there", async () => {
  const bus = await startBus(identity);

  const signedIn = await signIn(bus, "boss@example.com", "open sesame, please");

  expect(signedIn.user).toMatchObject({ role: "administrator", name: "Administrator" });
  expect((await announced("identity", "identity.userCreated")).at(-1)).toMatchObject({
    actor: { kind: "system" },
  });
});

test("later starts, and replicas that start together, add nobody", async () => {
  await startBus(identity);
  const users = nativeOf(database("identity"), "users");
  await makeFirstAdministrator(noLogger);
  await expect(users.countDocuments()).resolves.toBe(1);
  await users.deleteMany({});

  await Promise.all(Array.from({ length: 5 }, () => makeFirstAdministrator(noLogger)));

  await expect(users.countDocuments()).resolves.toBe(1);
});
