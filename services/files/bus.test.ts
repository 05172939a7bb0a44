import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "@jest/globals";
import { ServiceBroker, type ServiceSchema } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { as } from "#shared/testing/bus.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import options from "../../moleculer.config.ts";
import files from "./files.service.ts";

/** Larger than a packet of the bus, and than a chunk of the store. */
const content = Buffer.from(Array.from({ length: 1_500_007 }, (_, index) => index * 17));
const params = { name: "film.bin", maxBytes: 2_000_000 };

/** As the gateway waits for an upload: longer than for a call without a stream. */
const timeout = 20_000;

test("a file reaches one replica of several over the bus, whole", async () => {
  const caller = await startNodes();

  const kept = await Promise.all(Array.from({ length: 6 }, () => put(caller, content)));

  for (const { id, size } of kept) {
    expect(size).toBe(content.length);
    const back = await buffer((await caller.call("files.read", { id })) as Readable);
    expect(back.equals(content)).toBe(true);
  }
});

test("a file over its limit is refused over the bus with 413, and the bus goes on", async () => {
  const caller = await startNodes();

  await expect(put(caller, content, { maxBytes: 1_000 })).rejects.toMatchObject({ code: 413 });

  expect(await put(caller, Buffer.from("small"))).toMatchObject({ size: 5 });
});

test("P1: a sender that breaks off over the bus leaves no file", async () => {
  const caller = await startNodes();
  const uploadKey = newId();
  const broken = Readable.from(
    (function* () {
      yield Buffer.alloc(100_000);
      throw new Error("gone");
    })(),
  );

  await expect(put(caller, broken, { uploadKey })).rejects.toMatchObject({ code: 503 });

  const after = await put(caller, Buffer.from("whole"), { uploadKey });
  expect(after.size).toBe(5);
});

test("B01: a repeat over the bus answers the first file and swallows the stream", async () => {
  const caller = await startNodes();
  const uploadKey = newId();

  const first = await put(caller, content, { uploadKey });

  expect(await put(caller, content, { uploadKey })).toEqual(first);
});

test("a file is kept without the bus where gateway and files share a process", async () => {
  const together = broker(files);
  await together.start();

  expect(await put(together as unknown as Broker, content)).toMatchObject({
    size: content.length,
  });
});

/** Two replicas of the files service, and a node that asks them, each on its own connection. */
async function startNodes(): Promise<Broker> {
  const nodes = [broker(files), broker(files), broker()];
  await Promise.all(nodes.map((node) => node.start()));
  const caller = nodes[2]!;
  await caller.waitForServices("files");
  const both = () => caller.registry.getServiceList({ withActions: false }).filter(isFiles);
  while (both().length < 2) await new Promise((resolve) => setImmediate(resolve));
  return caller as unknown as Broker;
}

const isFiles = ({ name }: { name: string }) => name === "files";

function broker(...services: ServiceSchema[]) {
  const node = new ServiceBroker({
    ...options,
    nodeID: `node-${newId()}`,
    logger: false,
    registry: { stopDelay: 0 },
  });
  for (const service of services) node.createService(service);
  onTestFinished(() => node.stop());
  return node;
}

function put(caller: Broker, bytes: Buffer | Readable, more: object = {}) {
  const stream = Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes;
  return caller.call(
    "files.store",
    { ...params, ...more },
    { ...as("connector"), stream, timeout },
  );
}
