/** E-mails as they travel: `POST /channels/:id/raw`. */
import { contracts } from "#shared/contracts/index.ts";
import { conflict, invalidField, notFound } from "#shared/errors.ts";
import type { Door } from "../door.ts";
import { deliver } from "./delivery.ts";
import { readMail } from "./mail.ts";
import { appliedHeaders, preferenceOf } from "./preferences.ts";

const { statusOf } = contracts.channels.doors.receiveRaw;

export const receiveRaw: Door = async ({ params, body = Buffer.alloc(0), headers }, call) => {
  const { id } = params as { id: string };
  const [channel] = await call("channels.describe", { ids: [id] });
  if (!channel) throw notFound("channel", id);
  if (channel.type !== "email") {
    throw conflict("CHANNEL_TAKES_NO_EMAIL", "Raw e-mails are taken by e-mail channels only");
  }
  const mail = await readMail(body);
  if (!mail.text && !mail.html && mail.attachments.length === 0) {
    throw invalidField("text", "is required unless there is html or an attachment", "required");
  }
  const preference = preferenceOf(headers);
  const outcome = await deliver(call, id, mail, preference.waitMs);
  return { status: statusOf(outcome), headers: appliedHeaders(preference), body: outcome };
};
