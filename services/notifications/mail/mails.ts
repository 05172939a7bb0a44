/** Outgoing e-mails as operators see them. */
import { config } from "#shared/config.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { requireResendable } from "./mails.rules.ts";
import * as store from "./mails.store.ts";

export const mails: Pick<
  ActionHandlers<"notifications">,
  "listMails" | "mailStatus" | "resendMail" | "queueMail"
> = {
  listMails: (ctx) => store.page(ctx.params),

  async mailStatus() {
    const [queued = 0, uncertain = 0, failed = 0] = await Promise.all(
      (["queued", "uncertain", "failed"] as const).map(store.countOf),
    );
    return { sends: config().SMTP_URL !== undefined, queued, uncertain, failed };
  },

  async queueMail(ctx) {
    const { kind, to } = ctx.params;
    if (!config().SMTP_URL) {
      ctx.broker.logger.warn("An e-mail was asked for, but none can be sent: set SMTP_URL", {
        kind,
      });
      return;
    }
    await store.enqueue({ kind, to }, new Date());
  },

  /** Only a person may decide that an e-mail that has perhaps arrived is sent once more (P5). */
  resendMail: (ctx) =>
    write("notifications", ctx, async ({ session, announce }) => {
      const { id } = ctx.params;
      const before = await store.get(id, session);
      requireResendable(before);
      const mail = await store.requeue(id, new Date(), session);
      announce({
        event: "notifications.mailResent",
        aggregate: { kind: "mail", id, version: 1 },
        changes: [{ field: "state", old: before.state, new: mail.state }],
        data: { id },
      });
      return mail;
    }),
};
