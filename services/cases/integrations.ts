/** Asking the systems of the company's own for the tabs of cases, a few at a time (F203). */
import { conflict, unavailable } from "#shared/errors.ts";
import { hostsInside } from "#shared/public-addresses.ts";
import { askForJson, AskingFailed, type Failure } from "#shared/public-requests.ts";

/** At once, of one process. */
const most = 30;
let underWay = 0;

/**
 * What a system answers at an address.
 * @throws 503 UNAVAILABLE where it is away or too many are asked; 409 INTEGRATION_FAILED
 */
export async function ask(address: string): Promise<unknown> {
  if (underWay >= most) throw unavailable("Too many other systems are being asked");
  underWay += 1;
  try {
    return await askForJson(address, { inside: hostsInside() });
  } catch (error) {
    throw error instanceof AskingFailed ? integrationFailed(error.reason) : error;
  } finally {
    underWay -= 1;
  }
}

/** 503 where it may tell something later. */
const integrationFailed = (reason: Failure): Error =>
  reason === "unreachable" || reason === "slow"
    ? unavailable("The other system does not answer")
    : conflict("INTEGRATION_FAILED", "The other system gave no answer that can be read", {
        reason,
      });
