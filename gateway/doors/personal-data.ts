/** Everything that is kept about a customer, as one archive: `GET /customers/:id/personal-data` (B08). */
import type { Answer } from "#shared/bus.ts";
import { holders, type Holder, type Subject } from "#shared/contracts/privacy.ts";
import { isAbsence } from "#shared/faults.ts";
import type { Call, Door } from "../door.ts";
import { archiveOf, type Entry } from "./archive.ts";
import { pieces } from "#shared/file-pieces.ts";

const options = { timeout: 10_000 };

const holds: Record<Holder | "changes", string> = {
  customers: "the customer itself with its contact points, and its addresses on the block list",
  cases: "the cases",
  channels: "the messages, sent and received, with their texts",
  files: "what is known of each attachment; the files themselves are under attachments/<id>/",
  imports: "the rows of imported workbooks that were about the customer",
  changes: "the change log: who changed what of all this, when, before and after",
};

/**
 * Answers the archive while it is made. Every service is asked once before the first byte is sent,
 * so that one that is away is a 503; one that goes away later breaks the archive off. The last
 * entry is the index, which therefore stands in no archive that is not whole.
 */
export const exportPersonalData: Door = async ({ params }, call) => {
  const { id } = params as { id: string };
  const subject = await call("customers.openPersonalData", { id });
  await Promise.all([
    ...holders.map((holder) => call(`${holder}.personalData`, { subject })),
    call("audit.changesOf", { aggregateIds: [id], limit: 1 }),
  ]);

  return {
    status: 200,
    headers: {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename="customer-${id}.zip"`,
      "cache-control": "private, no-store",
    },
    body: archiveOf(entriesOf(call, id, subject)),
  };
};

async function* entriesOf(call: Call, customerId: string, subject: Subject): AsyncGenerator<Entry> {
  const counts = new Map<string, number>();
  const json = (name: string, items: AsyncIterable<object>): Entry => ({
    name: `${name}.json`,
    compress: true,
    content: listOf(items, (count) => counts.set(name, count)),
  });
  for (const holder of holders) yield json(holder, itemsOf(call, holder, subject));
  yield json("changes", changesOf(call, subject));
  yield* attachmentsOf(call, subject);
  const files = [...counts].map(([name, items]) => ({
    name: `${name}.json`,
    holds: holds[name as Holder],
    items,
  }));
  const index = { customerId, createdAt: new Date(), files };
  yield { name: "index.json", compress: true, content: textOf(JSON.stringify(index, null, 2)) };
}

type PersonalPage = Answer<"cases.personalData">;

/** All pages of what a service keeps; one that fails to come is asked for once more. */
async function* pagesOf(
  call: Call,
  holder: Holder,
  subject: Subject,
): AsyncGenerator<PersonalPage> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { subject, ...(cursor ? { cursor } : {}) };
    const ask = () => call(`${holder}.personalData`, asked, options);
    const page: PersonalPage = await ask().catch(onceMore(ask));
    yield page;
    cursor = page.nextCursor;
  }
}

const onceMore =
  <R>(ask: () => Promise<R>) =>
  (error: unknown): Promise<R> => {
    if (!isAbsence(error)) throw error;
    return ask();
  };

async function* itemsOf(call: Call, holder: Holder, subject: Subject): AsyncGenerator<object> {
  for await (const { kind, items } of pagesOf(call, holder, subject)) {
    for (const { data } of items) yield { kind, ...(data as object) };
  }
}

/** The change log of each thing that any of the services keeps. */
async function* changesOf(call: Call, subject: Subject): AsyncGenerator<object> {
  for (const holder of holders) {
    for await (const { items } of pagesOf(call, holder, subject)) {
      const aggregateIds = items.map(({ id }) => id);
      if (aggregateIds.length > 0) yield* logOf(call, aggregateIds);
    }
  }
}

async function* logOf(call: Call, aggregateIds: string[]): AsyncGenerator<object> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const asked = { aggregateIds, limit: 50, ...(cursor ? { cursor } : {}) };
    const ask = () => call("audit.changesOf", asked, options);
    const page: Answer<"audit.changesOf"> = await ask().catch(onceMore(ask));
    yield* page.items;
    cursor = page.nextCursor;
  }
}

interface Attachment {
  id: string;
  name: string;
  size: number;
  /** Its bytes are gone. */
  deletedAt?: Date;
}

/** The bytes of all files, and of those that came with a message that never got to its customer. */
async function* attachmentsOf(call: Call, subject: Subject): AsyncGenerator<Entry> {
  for await (const { items } of pagesOf(call, "files", subject)) {
    yield* those(items.map(({ data }) => data as Attachment));
  }
  for await (const { items } of pagesOf(call, "channels", subject)) {
    for (const { data } of items) {
      const { customerId, attachments } = data as {
        customerId?: string;
        attachments: Attachment[];
      };
      if (!customerId) yield* those(attachments);
    }
  }

  function those(found: Attachment[]): Entry[] {
    return found.flatMap((one) => (one.deletedAt ? [] : [attachment(call, one)]));
  }
}

const attachment = (call: Call, { id, name, size }: Attachment): Entry => ({
  name: `attachments/${id}/${fileName(name)}`,
  compress: false,
  content: pieces(call, id, { start: 0, end: size }),
});

/** A name that leads nowhere else, on any system. */
const fileName = (name: string): string =>
  // eslint-disable-next-line no-control-regex
  name.replaceAll(/[/\\:*?"<>|\u0000-\u001f]/g, "_").replace(/^\.+/, "_") || "_";

/** A JSON list, item by item; tells how many there were. */
async function* listOf(
  items: AsyncIterable<object>,
  counted: (count: number) => void,
): AsyncGenerator<string> {
  let count = 0;
  for await (const item of items) {
    yield `${count === 0 ? "[\n" : ",\n"}${JSON.stringify(item)}`;
    count += 1;
  }
  yield count === 0 ? "[]\n" : "\n]\n";
  counted(count);
}

// eslint-disable-next-line @typescript-eslint/require-await -- contents are read as they come
async function* textOf(text: string): AsyncGenerator<string> {
  yield text;
}
