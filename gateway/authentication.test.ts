/** Who asks, and for how long an answer to that is believed. */
import { expect, test } from "@jest/globals";
import type { Actor } from "#shared/contracts/common.ts";
import { unauthorized, unavailable } from "#shared/errors.ts";
import { accessRevoked } from "#shared/hints.ts";
import { standIn } from "#shared/testing/bus.ts";
import { actorOfToken, problemOf, startGateway } from "../tests/gateway.ts";
import { Verifier } from "./authentication.ts";

const minute = 60_000;

/** A verifier on a clock that the test moves, and an identity that the test breaks. */
function aVerifier() {
  const world = { now: 1_000_000, away: false, gone: false, asked: 0 };
  const verifier = new Verifier(
    async (token) => {
      world.asked += 1;
      await Promise.resolve();
      if (world.away) throw unavailable("Identity is away");
      if (world.gone) throw unauthorized();
      return actorOfToken(token);
    },
    () => world.now,
  );
  return { world, verifier };
}

test("without a token, or with anything else than a known one, it is 401", async () => {
  const { ask } = await startGateway({});

  for (const authorization of [
    "",
    "agent",
    "Basic agent",
    "Bearer",
    "Bearer x y",
    "Bearer nobody",
  ]) {
    const answer = await ask("GET /me", { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(await answer.json()).toMatchObject({ code: "UNAUTHORIZED" });
  }
  expect((await ask("GET /me")).status).toBe(401);
});

test("a verdict is believed for five seconds", async () => {
  const { world, verifier } = aVerifier();

  await verifier.verify("agent");
  world.now += 4_999;
  const still = verifier.known("agent");
  world.now += 1;

  expect(still?.role).toBe("agent");
  expect(verifier.known("agent")).toBeUndefined();
});

test("requests with one token that come together ask once", async () => {
  const { world, verifier } = aVerifier();

  await Promise.all([verifier.verify("agent"), verifier.verify("agent"), verifier.verify("agent")]);

  expect(world.asked).toBe(1);
});

test("a refusal is remembered for one second", async () => {
  const { world, verifier } = aVerifier();

  await expect(verifier.verify("nobody")).rejects.toMatchObject({ code: 401 });
  await expect(verifier.verify("nobody")).rejects.toMatchObject({ code: 401 });
  expect(world.asked).toBe(1);

  world.now += 1_000;
  await expect(verifier.verify("nobody")).rejects.toMatchObject({ code: 401 });
  expect(world.asked).toBe(2);
});

test("P1: while identity is away a known connector goes on for an hour, a user for 30 seconds", async () => {
  const { world, verifier } = aVerifier();
  await Promise.all([verifier.verify("connector"), verifier.verify("agent")]);
  world.away = true;

  world.now += 29_000;
  expect(await verifier.verify("agent")).toMatchObject({ role: "agent" });
  world.now += 1_000;
  await expect(verifier.verify("agent")).rejects.toMatchObject({ code: 503 });
  world.now += 59 * minute;
  expect(await verifier.verify("connector")).toMatchObject({ kind: "connector" });
  world.now += minute;
  await expect(verifier.verify("connector")).rejects.toMatchObject({ code: 503 });
});

test("while identity is away it is asked once a second, not for every request", async () => {
  const { world, verifier } = aVerifier();
  await verifier.verify("connector");
  world.away = true;
  world.now += 10_000;

  for (let request = 0; request < 50; request += 1) await verifier.verify("connector");
  const meanwhile = world.asked;
  world.now += 1_000;
  await verifier.verify("connector");

  expect(meanwhile).toBe(2);
  expect(world.asked).toBe(3);
});

test("a key that was revoked while identity was away is refused once it is back", async () => {
  const { world, verifier } = aVerifier();
  await verifier.verify("connector");
  world.now += 10_000;
  world.gone = true;

  await expect(verifier.verify("connector")).rejects.toMatchObject({ code: 401 });
});

test("a hint of revocation makes the gateway ask again at once", async () => {
  let revoked = false;
  const identity = standIn("identity", {
    verify: (ctx): Actor => {
      if (revoked) throw unauthorized();
      return actorOfToken(ctx.params.token);
    },
  });
  const { ask, bus } = await startGateway({}, identity);
  const get = (token: string) => ask("GET /customers/c1", { token });
  expect((await get("agent:ada")).status).toBe(503);
  revoked = true;
  expect((await get("agent:ada")).status).toBe(503);

  await (bus as unknown as { broadcast(event: string, hint: object): Promise<void> }).broadcast(
    accessRevoked,
    { userId: "ada" },
  );

  expect((await get("agent:ada")).status).toBe(401);
});

test("a verdict asked for before a revocation is not kept", async () => {
  let answer: (actor: Actor) => void = () => undefined;
  const verifier = new Verifier(() => new Promise((resolve) => (answer = resolve)));
  const verified = verifier.verify("agent");

  verifier.forget({ userId: "somebody" });
  answer(actorOfToken("agent"));
  await verified;

  expect(verifier.known("agent")).toBeUndefined();
});

test("P12: when identity is away, a request is refused with 503 in time", async () => {
  const identity = standIn("identity", { verify: () => new Promise<never>(() => undefined) });
  const { ask } = await startGateway({ requestTimeoutMs: 200 }, identity);

  expect(await problemOf(ask("GET /me", { token: "agent" }))).toMatchObject({ status: 503 });
});
