/**
 * Contact points: what a valid one of each type is, and its key, the normal form under which
 * messages find their customer and the block list knows an address (F020-F026).
 *
 * - e-mail: the domain is kept in lower case and the local part as written, but the key folds the
 *   whole address: mailboxes that differ only in case do not exist in practice, senders who change
 *   the case of their own address do;
 * - phone and mobile: E.164, one key for both, so that who writes from a mobile and calls from it
 *   is one person. A number of possible length counts: numbering plans change faster than any list
 *   of valid ranges, and a message from a number proves that the number exists;
 * - social: network and handle, without "@" and case; other: network and value as they are. The
 *   network of a contact point that names none is its label, of a sender the type of its channel;
 * - postal: free text, not a key.
 */
import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/max";
import type { ContactPointType } from "./contracts/common.ts";
import { asEmail } from "./fields.checks.ts";
import { compact, fold } from "./folding.rules.ts";

/** An address as somebody gave it. */
export interface GivenAddress {
  type: ContactPointType;
  value: string;
  network?: string | undefined;
  /** ISO 3166-1 alpha-2; without it a phone number must begin with "+" or "00". */
  defaultCountry?: string | null | undefined;
}

/** An address that was understood: its value as it is kept, and its key if it has one. */
export interface Address {
  value: string;
  key?: string;
}

/** Why an address was not understood, as a sentence that follows the field's name. */
export interface Misread {
  fault: string;
}

/** Reads an address; what it answers as `value` reads as itself. */
export function readAddress(given: GivenAddress): Address | Misread {
  return readers[given.type]({ ...given, value: given.value.trim() });
}

const readers: Record<ContactPointType, (given: GivenAddress) => Address | Misread> = {
  email: ({ value }) => readEmail(value),
  phone: readPhone,
  mobile: readPhone,
  social: readHandle,
  other: readOther,
  postal: ({ value }) => (value ? { value } : { fault: "must not be empty" }),
};

function readEmail(written: string): Address | Misread {
  const faults: { type: string }[] = [];
  const value = String(asEmail(written, faults));
  if (faults.length > 0) return { fault: "must be an e-mail address" };
  return { value, key: `email:${value.toLowerCase()}` };
}

function readPhone({ value, defaultCountry }: GivenAddress): Address | Misread {
  const phone = defaultCountry
    ? parsePhone(value, defaultCountry)
    : parsePhone(value.replace(/^00/, "+"));
  // a number that is none, such as +31000000000, may lose a zero each time that it is read
  if (!phone?.isPossible() || parsePhone(phone.number)?.number !== phone.number) {
    return { fault: "must be a phone number with its country code, such as +34600111222" };
  }
  const { number, ext } = phone;
  return { value: ext ? `${number};ext=${ext}` : number, key: `tel:${number}` };
}

const parsePhone = (written: string, defaultCountry?: string) =>
  parsePhoneNumberFromString(written, {
    ...(defaultCountry ? { defaultCountry: defaultCountry as CountryCode } : {}),
    extract: false,
  });

function readHandle({ value, network }: GivenAddress): Address | Misread {
  const handle = value.replace(/^@+/, "").toLowerCase().normalize("NFC");
  if (!handle || /\s/u.test(handle)) return { fault: "must be a handle without spaces" };
  return { value, key: `social:${networkName(network)}:${handle}` };
}

function readOther({ value, network }: GivenAddress): Address | Misread {
  if (!value) return { fault: "must not be empty" };
  return { value, key: `other:${networkName(network)}:${value}` };
}

/** A colon ends the network in a key. */
const networkName = (network = ""): string =>
  fold(network).trim().replaceAll(/\s+/gu, " ").replaceAll(":", "_");

/** The texts by whose beginning a contact point is found: a phone with and without its country. */
export function searchableTexts({ type, value }: GivenAddress): string[] {
  if (type !== "phone" && type !== "mobile") return [value];
  const phone = parsePhone(value);
  return phone ? [compact(phone.number), phone.nationalNumber] : [value];
}
