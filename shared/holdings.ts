/** What a service keeps about persons: shown to them, and erased, one kind after the other (B08). */
import type { Answer, Caller } from "./bus.ts";
import type { ErasedPage, Holder, Subject } from "./contracts/privacy.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { eraseTraces } from "./mongo/erasing.ts";
import type { Page } from "./mongo/pages.ts";

/** One kind of thing about persons; `D` is a document of it as it is kept. */
export interface Holding<D extends { _id: string } = { _id: string }> {
  /** What one is called in the archive and in the report, such as `case`. */
  readonly kind: string;
  /** What is left of each once it is erased, and why; a sentence. */
  readonly stays: string;
  /** A page of those about the person, in an order that erasing does not change. */
  readonly page: (subject: Subject, paging: Paging) => Promise<Page<D>>;
  /** One as its person gets it. */
  readonly show: (document: D) => object;
  /** Erases these; answers how many still held something. Twice is as once. */
  readonly erase: (documents: D[], subject: Subject, neighbours: Caller) => Promise<number>;
}

interface Paging {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
}

/** What hangs on cases, or is one: it goes with its person, and with the time (B08). */
export interface CaseHolding<D extends { _id: string } = { _id: string }> extends Holding<D> {
  /** A page of those of the cases, in an order that emptying does not change. */
  readonly ofCases: (caseIds: string[], paging: Paging) => Promise<Page<D>>;
  /** Leaves of these what counts the work; answers how many still held more. Twice is as once. */
  readonly empty: (documents: D[]) => Promise<number>;
  /** What is left then, where that is more than of a person who is erased. */
  readonly leaves?: string;
}

/** A holding among others, of whatever documents. */
export const holding = <D extends { _id: string }>(one: Holding<D>): Holding =>
  one as unknown as Holding;
export const caseHolding = <D extends { _id: string }>(one: CaseHolding<D>): CaseHolding =>
  one as unknown as CaseHolding;

type Some<H> = readonly [H, ...H[]];
type Asked = Caller & { params: { subject: Subject; cursor?: string } };
type AskedOfCases = { params: { caseIds: string[]; cursor?: string } };

const atOnce = 20;
/** A page is made smaller until its text stays far below what the bus takes. */
const mostCharacters = 1_000_000;

/** Answers `personalData` and `erasePersonalData` for a service. */
export function holderOf(service: Holder, holdings: Some<Holding>) {
  return {
    async personalData({ params }: Asked): Promise<Answer<"cases.personalData">> {
      const { one, place, after } = placeOf(holdings, params.cursor);
      for (let limit = atOnce; ; limit = Math.ceil(limit / 4)) {
        const page = await one.page(params.subject, { limit, cursor: after });
        const items = page.items.map((kept) => ({ id: kept._id, data: one.show(kept) }));
        if (limit > 1 && JSON.stringify(items).length > mostCharacters) continue;
        return { kind: one.kind, items, nextCursor: nextOf(holdings, place, page.nextCursor) };
      }
    },

    async erasePersonalData(ctx: Asked): Promise<ErasedPage> {
      const { subject, cursor } = ctx.params;
      const { one, place, after } = placeOf(holdings, cursor);
      const page = await one.page(subject, { limit: atOnce, cursor: after });
      return {
        ...{ kind: one.kind, stays: one.stays },
        ...(await erasedOn(service, page, () => one.erase(page.items, subject, ctx))),
        nextCursor: nextOf(holdings, place, page.nextCursor),
      };
    },
  };
}

/**
 * The same, and `countCaseContent` and `removeCaseContent`. What hangs on a case goes before the
 * case itself, which stands first.
 */
export function caseHolderOf(service: Holder, holdings: Some<CaseHolding>) {
  const [first, ...others] = holdings;
  const ofCases = [...others.toReversed(), first] as unknown as Some<CaseHolding>;
  return {
    ...holderOf(service, holdings),

    countCaseContent: ({ params: { caseIds } }: AskedOfCases) =>
      Promise.all(
        ofCases.map(async (one) => {
          const { total = 0 } = await one.ofCases(caseIds, { limit: 1, count: true });
          return { kind: one.kind, stays: one.leaves ?? one.stays, count: total };
        }),
      ),

    async removeCaseContent({ params }: AskedOfCases): Promise<ErasedPage> {
      const { one, place, after } = placeOf(ofCases, params.cursor);
      const page = await one.ofCases(params.caseIds, { limit: atOnce, cursor: after });
      return {
        ...{ kind: one.kind, stays: one.leaves ?? one.stays },
        ...(await erasedOn(service, page, () => one.empty(page.items))),
        nextCursor: nextOf(ofCases, place, page.nextCursor),
      };
    },
  };
}

/** Erases what is on a page, and what was told of it. */
async function erasedOn(service: Holder, { items }: Page<{ _id: string }>, erase: Erase) {
  const ids = items.map(({ _id }) => _id);
  const changed = ids.length > 0 ? await erase() : 0;
  return { ids, changed, traces: await eraseTraces(service, ids) };
}

type Erase = () => Promise<number>;

/** A cursor names one of the holdings, and where its last page ended. */
function placeOf<H extends Holding>(holdings: Some<H>, cursor: string | undefined) {
  const [place, after] = cursor ? decodeCursor(cursor, ["number", "any"]) : [0, null];
  const one = holdings[Number(place)] ?? holdings[0];
  return { one, place: Number(place), after: after === null ? undefined : String(after) };
}

function nextOf(holdings: readonly Holding[], place: number, within: string | null) {
  if (within !== null) return encodeCursor([place, within]);
  return place + 1 < holdings.length ? encodeCursor([place + 1, null]) : null;
}
