import { expect, test } from "@jest/globals";
import { ServiceBroker } from "moleculer";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { startBus } from "#shared/testing/bus.ts";
import { makeFirstAdministrator } from "./first-start.ts";
import identity from "./identity.service.ts";

test("without users and without ADMIN_PASSWORD one line says how to get an administrator", async () => {
  await startBus(identity);
  const logger = new ServiceBroker({ logger: false }).getLogger("first-start");
  const warned: string[] = [];
  logger.warn = (line: string) => void warned.push(line);

  await makeFirstAdministrator(logger);

  expect(warned).toEqual([expect.stringContaining("ADMIN_PASSWORD")]);
  await expect(nativeOf(database("identity"), "users").countDocuments()).resolves.toBe(0);
});
