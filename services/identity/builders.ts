/** What the tests of identity begin with: users who can sign in. */
import { system } from "#shared/actor.ts";
import type { Broker, Meta } from "#shared/bus.ts";
import type { User } from "#shared/contracts/identity.ts";
import { newId } from "#shared/ids.ts";

export const aPassword = "correct horse battery";

type Wanted = Partial<Pick<User, "email" | "name" | "role">>;

export const anEmail = () => `user-${newId()}@example.com`;

/** A new agent, or whoever is wanted. */
export const aUser = (bus: Broker, wanted: Wanted = {}): Promise<User> =>
  bus.call(
    "identity.createUser",
    { email: anEmail(), name: "Ada Agent", role: "agent", password: aPassword, ...wanted },
    { meta: { actor: system } satisfies Meta },
  );

/** Signs in from somewhere; with the right password unless another one is given. */
export const signIn = (bus: Broker, email: string, password = aPassword, address?: string) =>
  bus.call("identity.signIn", { email, password }, address ? { meta: { address } } : {});

/** The meta of a call made with an access token, as the gateway makes it. */
export async function by(bus: Broker, token: string): Promise<{ meta: Meta }> {
  return { meta: { actor: await bus.call("identity.verify", { token }) } };
}
