/** The calendar behind a secret link: `GET /agenda-feeds/:token`. */
import { contracts } from "#shared/contracts/index.ts";
import type { Door } from "../door.ts";

const { produces } = contracts.cases.doors.readAgendaFeed;

/** Nobody is to keep it, find it or learn of it by where somebody came from: its address is the secret. */
export const readAgendaFeed: Door = async ({ params }, call) => {
  const { token } = params as { token: string };
  const { calendar } = await call("cases.agendaFeed", { token });
  return {
    headers: {
      "content-type": `${produces}; charset=utf-8`,
      "content-disposition": 'attachment; filename="agenda.ics"',
      "cache-control": "private, no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex",
      "x-content-type-options": "nosniff",
    },
    body: Buffer.from(calendar),
  };
};
