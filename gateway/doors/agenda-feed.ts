/** The calendar behind a secret link: `GET /agenda-feeds/:token`. */
import { contracts } from "#shared/contracts/index.ts";
import type { Door } from "../door.ts";

const { produces } = contracts.cases.doors.readAgendaFeed;

/** As every answer, it is not to be kept, and no page learns its address, which is the secret. */
export const readAgendaFeed: Door = async ({ params }, call) => {
  const { token } = params as { token: string };
  const { calendar } = await call("cases.agendaFeed", { token });
  return {
    headers: {
      "content-type": `${produces}; charset=utf-8`,
      "content-disposition": 'attachment; filename="agenda.ics"',
      "x-robots-tag": "noindex",
    },
    body: Buffer.from(calendar),
  };
};
