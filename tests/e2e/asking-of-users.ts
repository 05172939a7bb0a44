/** Users and their sessions, asked as they are described. */
import { randomUUID } from "node:crypto";
import { ifMatch, type Asking } from "./asking.ts";

export async function askOfUsers(ask: Asking["ask"]): Promise<void> {
  const credentials = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const user = await ask("identity.createUser", {
    body: { ...credentials, name: "Ada", role: "agent" },
  });
  const path = { id: user.id };
  await ask("identity.listUsers", { query: "?limit=1&count=true" });
  await ask("identity.getUser", { path });
  await ask("identity.changeUser", { path, body: { name: "Bea" }, headers: ifMatch(user) });
  const signedIn = await ask<{ accessToken: string; refreshToken: string }>("identity.signIn", {
    body: credentials,
  });
  const token = signedIn.accessToken;
  await ask("identity.me", { token });
  await ask("identity.changeMe", { token, body: { language: "es", signature: "Bea" } });
  await ask("identity.refresh", { body: { refreshToken: signedIn.refreshToken } });
  await ask("identity.signOut", { token });
}
