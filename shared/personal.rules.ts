/** What names or tells about a person (P16): found by the marks of the contracts, in changes and documents. */
import type { Change } from "./contracts/common.ts";
import { contracts } from "./contracts/index.ts";
import type { Field, Shape } from "./fields.ts";

type Described = Readonly<Record<string, { aggregates?: Readonly<Record<string, Shape>> }>>;

/** What an event tells: its name, about what, and what changed. */
interface Told {
  name: string;
  aggregate: { kind: string };
  changes: Change[];
}

/**
 * Whether what changed is personal, by its aggregate's shape in the contract of who announces. What
 * no contract describes counts as personal, so that what is forgotten does no harm.
 */
function isPersonalChange(event: string, kind: string, field: string): boolean {
  const owner = own(contracts as Described, firstOf(event));
  const described = own(own(owner?.aggregates, kind), firstOf(field));
  return !described || isPersonal(described);
}

const firstOf = (path: string): string => path.split(".")[0] ?? "";

const own = <T>(all: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  all && Object.hasOwn(all, name) ? all[name] : undefined;

/** Whether any of the changes is personal. */
export const tellsPersonal = ({ name, aggregate: { kind }, changes }: Told): boolean =>
  changes.some(({ field }) => isPersonalChange(name, kind, field));

/** The changes without personal values: that such a field has changed is all that is said. */
export const withoutValues = ({ name, aggregate: { kind }, changes }: Told): Change[] =>
  changes.map((change) =>
    isPersonalChange(name, kind, change.field)
      ? { field: change.field, personal: true as const }
      : change,
  );

/** The changes, the personal values of them gone for good. */
export const erased = (told: Told): Change[] =>
  withoutValues(told).map((change) => (change.personal ? { ...change, erased: true } : change));

/** Whether a field is personal, or holds something that is. */
export const isPersonal = (field: Field<unknown>): boolean =>
  field.personal === true || partsOf(field).some(isPersonal);

const partsOf = (field: Field<unknown>): Field<unknown>[] => {
  const { props, items, value, rules = [] } = field as Parts;
  const single = [items, value].filter((part) => part !== undefined);
  return [...Object.values(props ?? {}), ...single, ...rules];
};

interface Parts {
  props?: Shape;
  items?: Field<unknown>;
  value?: Field<unknown>;
  rules?: Field<unknown>[];
}

/**
 * A document without what is personal by its shape: fields that may be missing are, the others are
 * empty or say "erased". Twice is as once.
 */
export const withoutPersonal = <D extends object>(shape: Shape, document: D): D =>
  Object.fromEntries(
    Object.entries(document).flatMap(([name, held]) => {
      const field = own(shape, name);
      const left: unknown = field ? blank(field, held) : held;
      return left === undefined ? [] : [[name, left]];
    }),
  ) as D;

function blank(field: Field<unknown>, held: unknown): unknown {
  const { props, items } = field as Parts;
  if (field.personal) return emptyOf(field);
  if (items && Array.isArray(held)) return held.map((one) => blank(items, one));
  return props && held ? withoutPersonal(props, held) : held;
}

function emptyOf({ type, min, optional, nullable }: Field<unknown>): unknown {
  if (optional || nullable) return undefined;
  if (type === "array") return [];
  return min === 0 ? "" : "erased";
}
