/** Users and campaigns for the tests of owners, as identity and campaigns describe them. */
import { notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";

/** Ada supervises sales, where Bea works, and works in care with Cleo; one user is gone. */
export function anOffice() {
  const [ada, bea, cleo, gone, sales, care] = Array.from({ length: 6 }, newId) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const users = Object.entries({ Ada: ada, Bea: bea, Cleo: cleo, Gone: gone }).map(
    ([name, id]) => ({ id, name, role: "agent" as const, disabled: id === gone }),
  );
  const campaigns = [staffed(sales, [bea], [ada]), staffed(care, [ada, cleo])];
  return {
    ...{ ada, bea, cleo, gone, sales, care },
    namesOf: ({ params: { ids } }: { params: { ids: string[] } }) =>
      users.filter(({ id }) => ids.includes(id)),
    describe: ({ params: { id: asked } }: { params: { id: string } }) => {
      const found = campaigns.find(({ id }) => id === asked);
      if (!found) throw notFound("campaign", asked);
      return found;
    },
  };
}

const staffed = (id: string, agentIds: string[], supervisorIds: string[] = []) =>
  aCampaign(id, {
    agents: agentIds.map((userId) => ({ userId, channelIds: [] })),
    supervisorIds,
  });
