/** What a service keeps about persons: shown to them, and erased, one kind after the other (B08). */
import type { Answer, Caller } from "./bus.ts";
import type { Holder, Subject } from "./contracts/privacy.ts";
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
}

/** A holding among others, of whatever documents. */
export const holding = <D extends { _id: string }>(one: Holding<D>): Holding =>
  one as unknown as Holding;

type Asked = Caller & { params: { subject: Subject; cursor?: string } };

const atOnce = 20;
/** A page is made smaller until its text stays far below what the bus takes. */
const mostCharacters = 1_000_000;

/** Answers `personalData` and `erasePersonalData` for a service. */
export function holderOf(service: Holder, holdings: readonly [Holding, ...Holding[]]) {
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

    async erasePersonalData(ctx: Asked): Promise<Answer<"cases.erasePersonalData">> {
      const { subject, cursor } = ctx.params;
      const { one, place, after } = placeOf(holdings, cursor);
      const page = await one.page(subject, { limit: atOnce, cursor: after });
      const ids = page.items.map(({ _id }) => _id);
      return {
        kind: one.kind,
        stays: one.stays,
        ids,
        changed: ids.length > 0 ? await one.erase(page.items, subject, ctx) : 0,
        traces: await eraseTraces(service, ids),
        nextCursor: nextOf(holdings, place, page.nextCursor),
      };
    },
  };
}

/** A cursor names one of the holdings, and where its last page ended. */
function placeOf(holdings: readonly [Holding, ...Holding[]], cursor: string | undefined) {
  const [place, after] = cursor ? decodeCursor(cursor, ["number", "any"]) : [0, null];
  const one = holdings[Number(place)] ?? holdings[0];
  return { one, place: Number(place), after: after === null ? undefined : String(after) };
}

function nextOf(holdings: readonly Holding[], place: number, within: string | null) {
  if (within !== null) return encodeCursor([place, within]);
  return place + 1 < holdings.length ? encodeCursor([place + 1, null]) : null;
}
