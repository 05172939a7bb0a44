/** How often a sign-in may fail: five times in 15 minutes for each account and each address. */

const windowMs = 15 * 60_000;
const mayFail = 5;

/** Failures counted since a window began, until it ends. */
export interface Failures {
  count: number;
  until: Date;
}

/** When the window ends that a first failure begins. */
export const windowEnd = (now: Date): Date => new Date(now.getTime() + windowMs);

/** What failures are counted by: the account, there or not, and the network address if known. */
export const countedBy = (emailKey: string, address: string | undefined): string[] => [
  `account ${emailKey}`,
  ...(address ? [`address ${network(address)}`] : []),
];

/** The same for the e-mails by which a password is reset, counted apart from sign-ins. */
export const resetsCountedBy = (emailKey: string, address: string | undefined): string[] =>
  countedBy(emailKey, address).map((counter) => `reset ${counter}`);

/** One IPv4 address, or the /64 of an IPv6 address: who has one of those has all of it. */
export function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  return address.includes(":") ? `${first64(address.toLowerCase())}::/64` : address;
}

function first64(address: string): string {
  const [before = [], after] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = after ? Math.max(0, 8 - before.length - after.length) : 0;
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...(after ?? [])];
  return groups.slice(0, 4).map(plainGroup).join(":");
}

const plainGroup = (group: string): string => group.replace(/^0+(?=.)/, "");

/**
 * Seconds until a sign-in may be tried again; 0 when it may be now.
 * @param allowed failures that still pass: five before a try, one more for the try that failed
 */
export function waitSeconds(failures: readonly Failures[], now: Date, trying: boolean): number {
  const limit = trying ? mayFail - 1 : mayFail;
  const waits = failures
    .filter(({ count, until }) => count > limit && until > now)
    .map(({ until }) => Math.ceil((until.getTime() - now.getTime()) / 1_000));
  return Math.max(0, ...waits);
}
