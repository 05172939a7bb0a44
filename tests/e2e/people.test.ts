import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { simpleParser } from "mailparser";
import { until } from "#shared/testing/until.ts";
import {
  askerOf,
  expected,
  makeInbox,
  patient,
  signIn,
  startSystem,
  together,
  type System,
} from "../system/system.ts";
import { startMailServer } from "./mail-server.samples.ts";
import { startProvider, type TestProvider } from "./provider.samples.ts";

const password = "a-long-enough-one";
const redirectUrl = "https://desk.example/back";

let system: System;
let provider: TestProvider;
let mailServer: Awaited<ReturnType<typeof startMailServer>>;
let vouchedFor = "";

beforeAll(async () => {
  mailServer = await startMailServer();
  const client = { id: "casewire", secret: "a-secret-of-the-client", redirectUrl };
  provider = await startProvider({ ...client, email: () => vouchedFor });
  system = await startSystem(
    { mongodbUrl: String(process.env["MONGODB_URL"]), natsUrl: String(process.env["NATS_URL"]) },
    together,
    {
      ...patient,
      SMTP_URL: mailServer.url,
      MAIL_FROM: "desk@casewire.example",
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      OIDC_REDIRECT_URL: redirectUrl,
    },
  );
}, 90_000);
afterAll(async () => {
  await system.stop();
  await provider.stop();
  await mailServer.stop();
});

interface Person {
  id: string;
  email: string;
  token: string;
}

async function aPerson(role: string): Promise<Person> {
  const email = `${randomUUID()}@example.com`;
  const body = { email, name: `A ${role}`, role, password };
  const made = expected(await ask("POST", "/users", { body }), 201).json<{ id: string }>();
  return { id: made.id, email, token: await signIn(system.http, { email, password }) };
}

const ask = askerOf(() => system);

test("F225, F226: administrators manage users, nobody else does, and the last of them stays", async () => {
  const agent = await aPerson("agent");
  const ifMatch = { "if-match": '"1"' };
  const change = (id: string, body: object, token?: string) =>
    ask("PATCH", `/users/${id}`, { body, headers: ifMatch, ...(token ? { token } : {}) });
  const me = expected(await ask("GET", "/me"), 200).json<{ id: string }>();

  const refused = await change(agent.id, { role: "administrator" }, agent.token);
  const last = await change(me.id, { disabled: true });
  const demoted = await change(me.id, { role: "agent" });
  const unguarded = await ask("PATCH", `/users/${agent.id}`, { body: { name: "Bo" } });
  const disabled = await change(agent.id, { disabled: true });
  const list = await ask("GET", "/users?disabled=true&role=agent");

  expect([refused.status, unguarded.status, disabled.status]).toEqual([403, 428, 200]);
  for (const one of [last, demoted]) {
    expect(one.status).toBe(409);
    expect(one.json()).toMatchObject({ code: "LAST_ADMINISTRATOR" });
  }
  expect(list.json<{ items: Person[] }>().items.map(({ id }) => id)).toContain(agent.id);
  const gone = await until(async () => {
    const { status } = await ask("GET", "/me", { token: agent.token });
    return status !== 200 && status;
  });
  expect(gone).toBe(401);
});

test("F229, F167: a user chooses a campaign of the own, and a signature that cannot attack", async () => {
  const agent = await aPerson("agent");
  const [own, other] = [await makeInbox(system), await makeInbox(system)];
  const agents = [{ userId: agent.id, channelIds: [own.channelId] }];
  const body = agents as unknown as object;
  expected(await ask("PUT", `/campaigns/${own.campaignId}/agents`, { body }), 200);
  const patch = (fields: object) => ask("PATCH", "/me", { body: fields, token: agent.token });

  const chosen = await patch({
    currentCampaignId: own.campaignId,
    signature: "<b>Ada</b><script>",
  });
  const foreign = await patch({ currentCampaignId: other.campaignId });
  const long = await patch({ signature: "x".repeat(10_001) });

  expect(chosen.json()).toMatchObject({
    currentCampaignId: own.campaignId,
    signature: "<b>Ada</b>",
  });
  expect(foreign.status).toBe(422);
  expect(foreign.json()).toMatchObject({ errors: [{ path: "currentCampaignId" }] });
  expect(long.json()).toMatchObject({ status: 422, errors: [{ path: "signature" }] });
});

test("Passwords, tokens: own password and own sessions", async () => {
  const { email, token } = await aPerson("supervisor");
  const other = await signIn(system.http, { email, password });
  const change = (currentPassword: string) =>
    ask("PUT", "/me/password", {
      body: { currentPassword, newPassword: "another-good-one" },
      token,
    });

  const wrong = await change("not the password");
  const right = await change(password);

  expect(wrong.json()).toMatchObject({ status: 422, errors: [{ path: "currentPassword" }] });
  expect(right.status).toBe(204);
  const ended = await until(async () => {
    const { status } = await ask("GET", "/me", { token: other });
    return status !== 200 && status;
  });
  expect(ended).toBe(401);
  const list = expected(await ask("GET", "/me/sessions", { token }), 200);
  const { items } = list.json<{ items: { id: string; isCurrent: boolean }[] }>();
  expect(items).toMatchObject([{ isCurrent: true, by: "password" }]);
  const removed = await ask("DELETE", `/me/sessions/${items[0]!.id}`, { token });
  expect(removed.status).toBe(204);
});

test("Passwords, tokens: a forgotten password, by e-mail; nobody learns who is there", async () => {
  const { email, token } = await aPerson("agent");
  const reset = (body: object) => ask("POST", "/auth/password-reset", { body });
  const confirm = (code: string) =>
    ask("POST", "/auth/password-reset/confirm", {
      body: { token: code, newPassword: "a-brand-new-one" },
    });

  const known = await reset({ email });
  const unknown = await reset({ email: `${randomUUID()}@example.com` });
  const letter = await simpleParser(await until(() => mailServer.letters.at(-1)));
  const code = /^[\w-]{43}$/m.exec(letter.text ?? "")?.[0] ?? "";

  expect([known.status, unknown.status, known.text]).toEqual([202, 202, unknown.text]);
  expect(letter.to).toMatchObject({ text: email });
  expect((await confirm("wrong")).status).toBe(404);
  expect((await confirm(code)).status).toBe(204);
  expect((await confirm(code)).status).toBe(404);
  await expect(signIn(system.http, { email, password: "a-brand-new-one" })).resolves.toBeDefined();
  await until(async () => (await ask("GET", "/me", { token })).status === 401);
  const sent = expected(await ask("GET", "/outgoing-mails?state=sent"), 200);
  expect(sent.json()).toMatchObject({ items: [{ kind: "passwordReset", to: email, attempts: 1 }] });
  expect(
    (await ask("GET", "/outgoing-mails", { token: (await aPerson("agent")).token })).status,
  ).toBe(403);
});

test("F225: a user signs in at a provider of OpenID Connect", async () => {
  const { id, email } = await aPerson("supervisor");
  vouchedFor = email;
  const at = `http://127.0.0.1:${system.port}/api/v1/auth/oidc`;

  const start = await fetch(`${at}/start`, { redirect: "manual" });
  const cookie = start.headers.get("set-cookie") ?? "";
  const back = await provider.visit(start.headers.get("location") ?? "");
  const finish = (headers: Record<string, string>) =>
    fetch(`${at}/callback${back.search}`, { headers });
  const finished = await finish({ cookie: cookie.split(";")[0] ?? "" });

  expect(start.status).toBe(302);
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax/);
  expect(finished.status).toBe(200);
  expect(finished.headers.get("cache-control")).toBe("no-store");
  const { accessToken, user } = (await finished.json()) as { accessToken: string; user: Person };
  expect(user.id).toBe(id);
  expect((await ask("GET", "/me", { token: accessToken })).status).toBe(200);
  expect((await finish({ cookie: cookie.split(";")[0] ?? "" })).status).toBe(401);
});

test("F225: nobody signs in at the provider by an e-mail that no user has, or in another browser", async () => {
  const at = `http://127.0.0.1:${system.port}/api/v1/auth/oidc`;
  const go = async (sendsCookie: boolean) => {
    const start = await fetch(`${at}/start`, { redirect: "manual" });
    const back = await provider.visit(start.headers.get("location") ?? "");
    const [cookie = ""] = (start.headers.get("set-cookie") ?? "").split(";");
    const headers: Record<string, string> = sendsCookie ? { cookie } : {};
    return (await fetch(`${at}/callback${back.search}`, { headers })).status;
  };

  vouchedFor = `${randomUUID()}@example.com`;
  const nobody = await go(true);
  vouchedFor = (await aPerson("agent")).email;
  const elsewhere = await go(false);
  const broken = (await fetch(`${at}/callback?error=access_denied&state=x`)).status;
  const strange = (await fetch(`${at}/callback?state=x&code[$ne]=1`)).status;

  expect([nobody, elsewhere, broken]).toEqual([401, 401, 401]);
  expect([400, 422]).toContain(strange);
});
