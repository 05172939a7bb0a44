import { spawn } from "node:child_process";
import { expect, test } from "@jest/globals";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { findNatsServer } from "./binaries.ts";
import { loopback } from "./ports.ts";
import { awaitNats, requireMongodb, requireNats } from "./reachable.ts";

/** A bare nats-server with these arguments, on a port of its own choice. */
async function natsWith(...args: string[]): Promise<string> {
  const command = await findNatsServer(() => undefined);
  const server = spawn(command, ["--addr", loopback, "--port", "-1", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void server.kill("SIGKILL"));
  let said = "";
  server.stderr.on("data", (data) => (said += String(data)));
  await until(() => said.includes("Server is ready"));
  const [, port = ""] = /Listening for client connections on [\d.]+:(\d+)/.exec(said) ?? [];
  return `${loopback}:${port}`;
}

test("a NATS takes the user and password, or the token, of its address", async () => {
  const withUser = await natsWith("--user", "ann", "--pass", "p@ss/word");
  const withToken = await natsWith("--auth", "s%cret");
  const noJetStream = /runs without JetStream/; // which it tells only those whom it lets in

  await expect(requireNats(`nats://ann:p%40ss%2Fword@${withUser}`)).rejects.toThrow(noJetStream);
  await expect(requireNats(`nats://s%25cret@${withToken}`)).rejects.toThrow(noJetStream);
  await expect(requireNats(`nats://${withUser}`)).rejects.toThrow(/Authorization Violation/);
});

test("one of several addresses is enough", async () => {
  const there = await natsWith();

  const asked = requireNats(`nats://127.0.0.1:1,nats://${there}`);

  await expect(asked).rejects.toThrow(/runs without JetStream/);
});

test("a NATS without JetStream is not waited for", async () => {
  const url = `nats://${await natsWith()}`;

  await expect(awaitNats(url, () => undefined)).rejects.toThrow(/switch it on/);
});

test("what does not answer is said by the name of its setting", async () => {
  await expect(requireNats("nats://127.0.0.1:1")).rejects.toThrow(/^No NATS answers at NATS_URL/);
  await expect(requireMongodb("mongodb://127.0.0.1:1")).rejects.toThrow(
    "No MongoDB answers at MONGODB_URL (connect ECONNREFUSED 127.0.0.1:1).",
  );
});
