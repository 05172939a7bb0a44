/**
 * Which addresses the product may be told to speak to: HTTPS at hosts that are public. What is
 * private, loopback or link-local is refused however it is written (`new URL` reads decimal, octal
 * and hexadecimal numbers as dotted ones); where names lead is asked in `public-addresses.ts`. Pure.
 */

/** Networks that are not public, by their first address and the bits that count (RFC 6890). */
const insideFour: readonly (readonly [network: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Names that are of one machine or one house. */
const insideName =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa)$/;

/**
 * The host of an address that may be spoken to, or what is wrong with it.
 * @param inside hosts that are allowed wherever they are, as `host:port`
 * @returns the host without the brackets of IPv6
 */
export function readPublicAddress(
  address: string,
  inside: readonly string[] = [],
): { host: string; isInside?: true } | { fault: string } {
  const url = secureUrl(address);
  if (!(url instanceof URL)) return url;
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (inside.includes(`${host}:${url.port || "443"}`)) return { host, isInside: true };
  return isPublicHost(host) ? { host } : { fault: "must not lead to a private address" };
}

function secureUrl(address: string): URL | { fault: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:") return { fault: "must be an address that begins with https://" };
  return url.username || url.password ? { fault: "must not carry a user name or password" } : url;
}

const isPublicHost = (host: string): boolean =>
  isNumeric(host) ? isPublicIp(host) : host.includes(".") && !insideName.test(host);

/** Whether a host is an address itself, and no name has to be resolved. */
export const isNumeric = (host: string): boolean => host.includes(":") || dotted.test(host);

/** Whether an IP address, as DNS or `new URL` writes it, is one of the public internet. */
export function isPublicIp(ip: string): boolean {
  if (!ip.includes(":")) return isPublicFour(numberOf(ip));
  const groups = groupsOf(ip);
  if (!groups) return false;
  const mapped = mappedFour(groups);
  return mapped === undefined ? isPublicSix(groups) : isPublicFour(mapped);
}

/** The IPv4 address that stands in an IPv6 one (`::ffff:10.0.0.1`), as a number. */
function mappedFour(groups: readonly number[]): number | undefined {
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 6).every((group, place) => group === (place < 5 ? 0 : 0xffff));
  return isMapped ? high * 0x1_0000 + low : undefined;
}

/**
 * What of IPv6's global unicast (2000::/3) is not public, by the first 32 bits, both ends included:
 * Teredo and the like, examples, and 6to4, which leads on to an IPv4 address.
 */
const insideSix: readonly (readonly [first: number, last: number])[] = [
  [0, 0x1fff_ffff],
  [0x2001_0000, 0x2001_01ff],
  [0x2001_0db8, 0x2001_0db8],
  [0x2002_0000, 0x2002_ffff],
  [0x3fff_0000, 0x3fff_0fff],
  [0x4000_0000, 0xffff_ffff],
];

function isPublicSix([high = 0, low = 0]: readonly number[]): boolean {
  const start = high * 0x1_0000 + low;
  return !insideSix.some(([first, last]) => start >= first && start <= last);
}

const dotted = /^\d{1,3}(\.\d{1,3}){3}$/;

/** The number of a dotted address; NaN for anything else. */
const numberOf = (ip: string): number =>
  dotted.test(ip)
    ? ip.split(".").reduce((sum, part) => sum * 256 + (Number(part) > 255 ? NaN : Number(part)), 0)
    : NaN;

const isPublicFour = (address: number): boolean =>
  !Number.isNaN(address) &&
  insideFour.every(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) !== Math.floor(numberOf(network) / size);
  });

/** The eight groups of an IPv6 address, whichever way it is written. */
function groupsOf(ip: string): number[] | undefined {
  const address = `https://[${ip.replace(/%.*$/, "")}]/`;
  if (!URL.canParse(address)) return undefined;
  const [head = "", tail] = new URL(address).hostname.slice(1, -1).split("::");
  const numbers = (part: string) =>
    part ? part.split(":").map((group) => parseInt(group, 16)) : [];
  const [before, after] = [numbers(head), numbers(tail ?? "")];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
