/** Who sends messages: a sender's address, and the customer that a first message makes (F022). */
import type { Customer, Sender } from "#shared/contracts/customers/customer.ts";
import { readAddress } from "#shared/contact-points.rules.ts";
import { create, type Stamp } from "./customers.rules.ts";
import { cut } from "#shared/folding.rules.ts";

/** What became of reading a sender's address. */
export type ReadSender = { key: string } | { fault: string };

/** The key of a sender's address, or why it has none, as a sentence. */
export function readSender(sender: Sender): ReadSender {
  const address = readAddress(sender);
  if ("fault" in address) return { fault: `The sender's address ${address.fault}` };
  return address.key ? { key: address.key } : { fault: "The sender's address cannot be answered" };
}

/**
 * The customer that a sender's first message makes: a person with this contact point, and its
 * network where the type leaves it open. The last word of the name is the last name, a
 * single word the first name, so that both together read as the sender wrote them.
 */
export function arrival(
  sender: Sender,
  stamp: Stamp & { id: string; newId: () => string },
): Customer {
  const { type, value, network, defaultCountry, at } = sender;
  const address = readAddress({ type, value, network, defaultCountry });
  const named = network !== undefined && (type === "social" || type === "other");
  const customer = create(
    {
      kind: "person",
      tags: [],
      ...namesOf(sender.name),
      contactPoints: [
        {
          type,
          value: "value" in address ? address.value : value,
          ...(named ? { network } : {}),
        },
      ],
    },
    stamp,
  );
  // a sender's clock is no proof: nobody wrote in the future
  return at ? { ...customer, lastInteractionAt: at < stamp.at ? at : stamp.at } : customer;
}

const longestName = 80;

function namesOf(name = ""): { firstName?: string; lastName?: string } {
  const words = name.split(/\s+/u).filter(Boolean);
  const last = words.length > 1 ? words.pop() : undefined;
  if (words.length === 0) return {};
  return {
    firstName: cut(words.join(" "), longestName),
    ...(last ? { lastName: cut(last, longestName) } : {}),
  };
}
