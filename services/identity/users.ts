/** Users as administrators manage them, and as their colleagues know them. */
import { actorOf } from "#shared/actor.ts";
import type { Meta } from "#shared/bus.ts";
import { conflict } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Cause, type Tx } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { forget } from "./forget.ts";
import { hashPassword } from "./password.ts";
import * as rules from "./users.rules.ts";
import type { Account } from "./users.rules.ts";
import * as users from "./users.store.ts";

export const userActions: Pick<
  ActionHandlers<"identity">,
  "createUser" | "listUsers" | "getUser" | "changeUser" | "namesOf" | "recipientOf" | "addressesOf"
> = {
  async createUser(ctx) {
    const { password, ...wanted } = ctx.params;
    const hash = await hashPassword(password);
    const account = rules.open(newId(), wanted, hash, madeBy(ctx));

    return addUser(ctx, account).catch(async (error: unknown) => {
      const existing = isDuplicate(error, "emailKey") && (await users.findByEmail(wanted.email));
      if (!existing) throw error;
      throw conflict("EMAIL_TAKEN", "There is a user with this e-mail address", {
        existingId: existing.id,
      });
    });
  },

  async listUsers(ctx) {
    const found = await users.page(ctx.params);
    return { ...found, items: found.items.map(rules.userOf) };
  },

  getUser: async (ctx) => rules.userOf(await users.get(ctx.params.id)),

  async changeUser(ctx) {
    const { id, version, password, ...fields } = ctx.params;
    const patch = {
      ...fields,
      ...(password ? { passwordHash: await hashPassword(password) } : {}),
    };
    const { user, sessionsEnded } = await write("identity", ctx, async (tx) => {
      const before = await users.get(id, tx.session);
      const after = rules.change(before, version, patch, madeBy(ctx));
      if (rules.isAdministratorLost(before, after)) await refuseLastAdministrator(id, tx);
      await keepChange(tx, before, after);
      return { user: rules.userOf(after), sessionsEnded: before.epoch !== after.epoch };
    });
    if (sessionsEnded) forget(ctx.broker, { userId: id });
    return user;
  },

  async namesOf(ctx) {
    const found = await users.those(ctx.params.ids);
    return found.map(({ id, name, role, disabled }) => ({ id, name, role, disabled }));
  },

  async addressesOf(ctx) {
    const found = await users.those(ctx.params.ids);
    return found.map(({ id, email }) => ({ id, email }));
  },

  async recipientOf(ctx) {
    const account = await users.find(ctx.params.id);
    if (!account || account.disabled) return null;
    const { id, email, name, role, language } = account;
    return { id, email, name, role, language };
  },
};

export const madeBy = ({ meta }: { meta: Meta }): rules.Made => ({
  by: actorOf({ meta }).id,
  at: new Date(),
});

/** Adds a user and tells of it. */
export const addUser = (cause: Cause, account: Account) =>
  write("identity", cause, async ({ session, announce }) => {
    const { id, role, version } = account;
    await users.add(account, session);
    announce({
      event: "identity.userCreated",
      aggregate: { kind: "user", id, version },
      changes: rules.changesOf(undefined, account),
      data: { id, role },
    });
    return rules.userOf(account);
  });

/** Keeps a changed user and tells what changed, and that the sessions are over where they are. */
export async function keepChange(
  { session, announce }: Tx<"identity">,
  before: Account,
  after: Account,
): Promise<void> {
  if (before === after) return;
  const { id, role, disabled, version } = after;
  const aggregate = { kind: "user", id, version };
  await users.replace(after, session);
  announce({
    event: "identity.userChanged",
    aggregate,
    changes: rules.changesOf(before, after),
    data: { id, role, disabled },
  });
  if (before.epoch === after.epoch) return;
  announce({ event: "identity.sessionsRevoked", aggregate, data: { userId: id } });
}

async function refuseLastAdministrator(id: string, { session }: Tx<"identity">): Promise<void> {
  if (await users.keepsAdministrator(id, session)) return;
  throw conflict("LAST_ADMINISTRATOR", "This is the last administrator who can sign in");
}
