/** Outgoing e-mails as operators see them. */
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { requireResendable } from "./mails.rules.ts";
import * as store from "./mails.store.ts";

export const mails: Pick<ActionHandlers<"identity">, "listMails" | "resendMail"> = {
  listMails: (ctx) => store.page(ctx.params),

  /** Only a person may decide that an e-mail that has perhaps arrived is sent once more (P5). */
  resendMail: (ctx) =>
    write("identity", ctx, async ({ session, announce }) => {
      const { id } = ctx.params;
      const before = await store.get(id, session);
      requireResendable(before);
      const mail = await store.requeue(id, new Date(), session);
      announce({
        event: "identity.mailResent",
        aggregate: { kind: "mail", id, version: 1 },
        changes: [{ field: "state", old: before.state, new: mail.state }],
        data: { id },
      });
      return mail;
    }),
};
