/** Whom a message goes to: contact points of the customer, others' only where that is allowed (F149, F150). Pure. */
import type { ChannelCapabilities } from "#shared/contracts/channels.ts";
import type { Wish } from "#shared/contracts/channels/sending.ts";
import type { ContactPoint } from "#shared/contracts/customers/customer.ts";
import { readAddress, type GivenAddress } from "#shared/contact-points.rules.ts";
import { conflict, invalidField } from "#shared/errors.ts";

type PointType = ContactPoint["type"];

/** A contact point of the customer, as customers tells of it. */
export type KnownPoint = ContactPoint & { blocked: boolean };

/** An address that a message goes to, and where it stands in what was asked. */
export interface Recipient {
  path: string;
  type: PointType;
  value: string;
  key: string | undefined;
  /** It is none of the customer's. */
  isOther: boolean;
}

interface Reach {
  /** The customer's contact points that fit the channel. */
  points: readonly KnownPoint[];
  can: Pick<ChannelCapabilities, "contactPointTypes" | "type">;
  defaultCountry?: string | null | undefined;
}

/**
 * Everybody that a message goes to, the one it is addressed to first.
 * @throws 422 naming the field
 */
export function recipientsOf(wish: Wish, reach: Reach): [Recipient, ...Recipient[]] {
  const copies = (["cc", "bcc"] as const).flatMap((field) =>
    (wish[field] ?? []).map((value, index) =>
      recipientAt(`${field}[${String(index)}]`, { type: "email", value }, reach),
    ),
  );
  return [addressed(wish, reach), ...copies];
}

function addressed({ contactPointId, to }: Wish, reach: Reach): Recipient {
  if (to && contactPointId) {
    throw invalidField("to", "goes without contactPointId", "either");
  }
  if (to) return recipientAt("to", to, reach);
  if (!contactPointId) throw invalidField("contactPointId", "is required, or to", "required");
  const point = reach.points.find(({ id }) => id === contactPointId);
  if (!point) {
    const kinds = reach.can.contactPointTypes.join(", ");
    const message = `must be a contact point of the customer, of type ${kinds}`;
    throw invalidField("contactPointId", message, "unknown");
  }
  return { ...recipientAt("contactPointId", point, reach), isOther: false };
}

function recipientAt(
  path: string,
  given: Pick<GivenAddress, "value" | "network"> & { type: PointType; label?: string },
  { points, can, defaultCountry }: Reach,
): Recipient {
  if (!can.contactPointTypes.includes(given.type)) {
    const kinds = can.contactPointTypes.join(", ");
    throw invalidField(
      `${path}.type`,
      `must be one of ${kinds} on this channel`,
      "contactPointType",
    );
  }
  const network = given.network ?? given.label ?? can.type;
  const read = readAddress({ ...given, network, defaultCountry });
  if ("fault" in read) throw invalidField(`${path}.value`, read.fault, given.type);
  const { value, key } = read;
  const isOther = points.every((point) => point.value !== value && keyOf(point) !== key);
  return { path, type: given.type, value, key, isOther };
}

/** The normal form of a contact point, where it has one. */
function keyOf({ type, value, network, label }: ContactPoint): string | undefined {
  const read = readAddress({ type, value, network: network ?? label });
  return "key" in read ? read.key : undefined;
}

/**
 * @throws 422 at the address that is none of the customer's, where the campaign does not allow that
 *   (F150); 409 CONTACT_POINT_BLOCKED for one on the block list (F025)
 */
export function requireReachable(
  recipients: readonly Recipient[],
  { allowOthers, blocked }: { allowOthers: boolean; blocked: readonly string[] },
): void {
  const other = allowOthers ? undefined : recipients.find(({ isOther }) => isOther);
  if (other) {
    const message = "is none of the customer's, and the campaign does not allow others";
    throw invalidField(other.path, message, "otherContactPoint");
  }
  const shut = recipients.find(({ key }) => key !== undefined && blocked.includes(key));
  if (shut) {
    const message = "This address is on the block list";
    throw conflict("CONTACT_POINT_BLOCKED", message, { path: shut.path });
  }
}
