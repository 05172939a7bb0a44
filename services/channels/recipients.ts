/** Whom a user may write to, as customers knows them (F149, F150). */
import type { Answer, Ctx } from "#shared/bus.ts";
import type { Channel, ChannelCapabilities } from "#shared/contracts/channels.ts";
import type { Wish } from "#shared/contracts/channels/sending.ts";
import { isRefusal } from "#shared/errors.ts";
import { capabilitiesOf } from "./channel-types.rules.ts";
import * as rules from "./recipients.rules.ts";

/** The contact points of a customer, or of who stands for it since a merge. */
export async function fittingPoints(ctx: Ctx, customerId: string): Promise<rules.KnownPoint[]> {
  try {
    return (await ctx.call("customers.listContactPoints", { id: customerId })).items;
  } catch (error) {
    const survivorId = isRefusal(error) && error.type === "MOVED" && error.data?.["survivorId"];
    if (typeof survivorId !== "string") throw error;
    return fittingPoints(ctx, survivorId);
  }
}

interface Asked {
  wish: Wish;
  channel: Channel;
  can: ChannelCapabilities;
  allowOthers: boolean;
  customerId: string;
}

/**
 * Everybody that a message goes to, the one it is addressed to first.
 * @throws 409 CONTACT_POINT_BLOCKED; 422 naming the address that may not be written to
 */
export async function requireReached(
  ctx: Ctx,
  { wish, channel, can, allowOthers, customerId }: Asked,
): Promise<[rules.Recipient, ...rules.Recipient[]]> {
  const points = await fittingPoints(ctx, customerId);
  const { defaultCountry } = channel;
  const recipients = rules.recipientsOf(wish, { points, can, defaultCountry });
  const keys = recipients.flatMap(({ key }) => key ?? []);
  const blocked = await ctx.call("customers.blockedAmong", { keys });
  rules.requireReachable(recipients, { allowOthers, blocked });
  return recipients;
}

type Other = Answer<"channels.findOtherContactPoints">["items"][number];

/** More than one page of customers shows. */
const mostShown = 200;

/** Contact points of other customers that fit the channel. */
export async function othersFound(
  ctx: Ctx,
  customerId: string,
  { type }: Channel,
  { q, limit }: { q: string; limit: number },
): Promise<Other[]> {
  const { contactPointTypes } = capabilitiesOf(type);
  const { items } = await ctx.call("customers.list", { q, limit, sort: "name" });
  return items
    .filter(({ id }) => id !== customerId)
    .flatMap(({ id, displayName: customerName, contactPoints }) =>
      contactPoints
        .filter((point) => contactPointTypes.includes(point.type))
        .map((point) => ({ ...point, customerId: id, customerName })),
    )
    .slice(0, mostShown);
}
