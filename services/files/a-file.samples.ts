/** Files of cases, beside neighbours that say who may do what with the cases; for tests. */
import { Readable } from "node:stream";
import type { Broker } from "#shared/bus.ts";
import { notFound, unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import files from "./files.service.ts";

export interface KnownCase {
  id: string;
  number: number;
  closed?: boolean;
  readOnly?: boolean;
  /** Of cases that were merged into it. */
  formerIds?: string[];
  formerNumbers?: number[];
}

/** Files beside cases that show the known ones, and customers that know everyone but "nobody". */
export async function start() {
  const known: KnownCase[] = [];
  const world = { identityIsAway: false, users: [] as string[] };
  const bus = await startBus(files, casesShowing(known), everybody, identityOf(world));
  return {
    bus,
    world,
    aCase: (more: Partial<KnownCase> = {}): KnownCase => {
      const kase = { id: newId(), number: 2_000 + known.length, ...more };
      known.push(kase);
      return kase;
    },
    aFileOf: (owner: Owner, by = as("connector")) => aFileOf(bus, owner, by),
  };
}

function casesShowing(known: readonly KnownCase[]) {
  const told = ({ id, number, readOnly }: KnownCase) => ({
    id,
    number,
    campaignId: "north",
    ...(readOnly ? { readOnly } : {}),
  });
  return standIn("cases", {
    access({ params: { id } }) {
      const found = known.find(({ number, formerNumbers = [], ...one }) =>
        [one.id, ...[number, ...formerNumbers].map(String)].includes(id),
      );
      if (!found) throw notFound("case", id);
      const { closed = false, formerIds } = found;
      const former = formerIds ? { formerIds } : {};
      return { ...told(found), customerId: newId(), closed, ...former };
    },
    readable: ({ params: { ids } }) => known.filter(({ id }) => ids.includes(id)).map(told),
  });
}

const everybody = standIn("customers", { identify: unmerged });

const identityOf = (world: { identityIsAway: boolean; users: string[] }) =>
  standIn("identity", {
    namesOf({ params: { ids } }) {
      if (world.identityIsAway) throw unavailable("away");
      const users = world.users.filter((id) => ids.includes(id));
      return users.map((id) => ({ id, name: "Bo", role: "agent", disabled: false }));
    },
  });

interface Owner {
  name?: string;
  ownerId?: string;
  caseId?: string;
  customerId?: string;
}

async function aFileOf(
  bus: Broker,
  { name = "hello.txt", ownerId = newId(), ...owner }: Owner,
  { meta }: ReturnType<typeof as>,
) {
  const params = { name, declaredType: "text/plain", maxBytes: 100 };
  const stream = Readable.from([Buffer.from("hello")]);
  const file = await bus.call("files.store", params, { meta, stream });
  await bus.call("files.claim", { ids: [file.id], ownerKind: "interaction", ownerId, ...owner });
  return file;
}
