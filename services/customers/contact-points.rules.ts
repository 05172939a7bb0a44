/** What makes a customer's list of contact points and what may change in it (F020-F024). */
import type { Change } from "#shared/contracts/common.ts";
import type { ContactPoint, GivenContactPoint } from "#shared/contracts/customers/customer.ts";
import { conflict, invalid, notFound, type FieldFault } from "#shared/errors.ts";
import { readAddress } from "#shared/contact-points.rules.ts";

/** The most contact points that one customer may have. */
export const mostContactPoints = 200;

/** What a list became, and the contact point that it is about. */
export interface Outcome {
  points: ContactPoint[];
  point: ContactPoint;
}

/**
 * The contact points of a new customer.
 * @throws 422 naming each that cannot be read or stands there twice
 */
export function firstPoints(
  given: readonly GivenContactPoint[],
  { newId, at }: { newId: () => string; at: Date },
): ContactPoint[] {
  const seen = new Set<string>();
  const read = given.map((one, index) => {
    const { point, fault } = readPoint(one, { id: newId(), createdAt: at });
    const twice = !fault && seen.has(identityOf(point));
    seen.add(identityOf(point));
    return { point, fault: twice ? standsTwice : fault, index };
  });
  const faults = read.flatMap(({ fault, index }) =>
    fault ? [{ ...fault, path: `contactPoints[${String(index)}].${fault.path}` }] : [],
  );
  if (faults.length > 0) throw invalid(faults);
  return read.map(({ point }) => point);
}

/**
 * The list with one more (F021, F023, F024).
 * @throws 422 naming the field that does not fit the type; 409 CONTACT_POINT_EXISTS with
 *   `existingId` when it is there, 409 TOO_MANY_CONTACT_POINTS beyond 200
 */
export function withAdded(
  points: readonly ContactPoint[],
  given: GivenContactPoint,
  made: Pick<ContactPoint, "id" | "createdAt">,
): Outcome {
  const point = requireRead(given, made);
  requireNoTwin(points, point);
  if (points.length >= mostContactPoints) {
    throw conflict("TOO_MANY_CONTACT_POINTS", "The customer has too many contact points", {
      limit: mostContactPoints,
    });
  }
  return { points: [...points, point], point };
}

/** What a change of a contact point may say; null clears a field. */
export type PointPatch = {
  [K in keyof GivenContactPoint]?: GivenContactPoint[K] | null | undefined;
};

/**
 * The list with one of them changed; without a difference the very same point (F023, F024).
 * @throws 404 where it is not in the list; 422 and 409 CONTACT_POINT_EXISTS as for a new one
 */
export function withChanged(
  points: readonly ContactPoint[],
  id: string,
  patch: PointPatch,
): Outcome {
  const current = pointOf(points, id);
  const { createdAt, id: _id, ...facts } = current;
  const given = Object.entries({ ...facts, ...patch }).filter(([, value]) => value !== null);
  const point = requireRead(Object.fromEntries(given) as GivenContactPoint, { id, createdAt });
  if (json(point) === json(current)) return { points: [...points], point: current };
  requireNoTwin(points, point);
  return { points: points.map((one) => (one.id === id ? point : one)), point };
}

/**
 * The list without one of them (F023).
 * @throws 404 where it is not in the list
 */
export function withoutOne(points: readonly ContactPoint[], id: string): Outcome {
  const point = pointOf(points, id);
  return { points: points.filter((one) => one !== point), point };
}

/** @throws 404 where it is not in the list */
export function pointOf(points: readonly ContactPoint[], id: string): ContactPoint {
  const point = points.find((one) => one.id === id);
  if (!point) throw notFound("contact point", id);
  return point;
}

/** The keys of contact points, each once. */
export const keysOf = (points: readonly ContactPoint[]): string[] => [
  ...new Set(points.flatMap((point) => keyOf(point) ?? [])),
];

/** The normal form by which messages and the block list know an address; postal ones have none. */
export function keyOf(point: GivenContactPoint): string | undefined {
  const address = readAddress(addressOf(point));
  return "key" in address ? address.key : undefined;
}

/**
 * The key of an address that messages can come from.
 * @throws 409 NOT_BLOCKABLE where none can
 */
export function requireKey(point: ContactPoint): string {
  const key = keyOf(point);
  if (!key) throw conflict("NOT_BLOCKABLE", "No message comes from a contact point of this type");
  return key;
}

/** Each contact point that came, went or changed, as a whole (D18). */
export function pointChanges(
  before: readonly ContactPoint[],
  after: readonly ContactPoint[],
): Change[] {
  const old = new Map(before.map((point) => [point.id, told(point)]));
  const now = new Map(after.map((point) => [point.id, told(point)]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((id) => json(old.get(id)) !== json(now.get(id)))
    .map((id) => ({
      field: "contactPoints",
      old: old.get(id) ?? null,
      new: now.get(id) ?? null,
    }));
}

const told = ({ createdAt: _createdAt, ...point }: ContactPoint) => point;

const json = (value: unknown): string | undefined => JSON.stringify(value);

/** What may stand only once in a customer's list; a number may be there as phone and as mobile. */
export const identityOf = (point: ContactPoint): string =>
  `${point.type} ${keyOf(point) ?? point.value}`;

const addressOf = ({ type, value, network, label, country }: GivenContactPoint) => ({
  type,
  value,
  network: network ?? label,
  defaultCountry: country,
});

// ── What is refused ──────────────────────────────────────────────────────────

/** What only some types have. */
const onlyOf = {
  network: ["social", "other"],
  country: ["phone", "mobile"],
  address: ["postal"],
} as const;

const standsTwice = fault("value", "must not stand in the list twice");

function fault(path: string, message: string): FieldFault {
  return { path, message, code: "contactPoint" };
}

/** A contact point as it is kept, in its normal form, and what does not fit its type. */
function readPoint(
  given: GivenContactPoint,
  made: Pick<ContactPoint, "id" | "createdAt">,
): { point: ContactPoint; fault?: FieldFault } {
  const { id, createdAt } = made;
  const { country: _country, ...kept } = given;
  const address = readAddress(addressOf(given));
  const value = "value" in address ? address.value : given.value;
  const point: ContactPoint = { id, ...kept, value, createdAt };
  if ("fault" in address) return { point, fault: fault("value", address.fault) };
  const misplaced = Object.entries(onlyOf).find(
    ([name, types]) =>
      given[name as keyof typeof onlyOf] !== undefined &&
      !(types as readonly string[]).includes(given.type),
  );
  if (!misplaced) return { point };
  const [name, types] = misplaced;
  return { point, fault: fault(name, `is only for contact points of type ${types.join(", ")}`) };
}

function requireRead(
  given: GivenContactPoint,
  made: Pick<ContactPoint, "id" | "createdAt">,
): ContactPoint {
  const { point, fault: refusal } = readPoint(given, made);
  if (refusal) throw invalid([refusal]);
  return point;
}

function requireNoTwin(points: readonly ContactPoint[], point: ContactPoint): void {
  const twin = points.find((one) => one.id !== point.id && identityOf(one) === identityOf(point));
  if (!twin) return;
  throw conflict("CONTACT_POINT_EXISTS", "The customer has this contact point already", {
    existingId: twin.id,
  });
}
