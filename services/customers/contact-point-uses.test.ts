/** Contact points as they are blocked, and as channels reach them. */
import { expect, test } from "@jest/globals";
import type { Channel, ChannelType } from "#shared/contracts/channels.ts";
import { notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

const agent = as("agent");
const supervisor = as("supervisor");
let used = 0;
const email = () => `reached${String((used += 1))}@points.example.com`;

/** A customer with one e-mail address. */
async function aCustomer() {
  const bus = await startBus(customers);
  const value = email();
  const contactPoints = [{ type: "email" as const, value }];
  const created = await bus.call("customers.create", { contactPoints }, agent);
  return { bus, id: created.id, value, contactPointId: created.contactPoints[0]!.id };
}

test("F025: a contact point is blocked and let go, and its list says so", async () => {
  const { bus, id, value, contactPointId } = await aCustomer();
  const point = { id, contactPointId };
  const listed = async () =>
    (await bus.call("customers.listContactPoints", { id }, agent)).items.map((one) => one.blocked);

  const entry = await bus.call(
    "customers.blockContactPoint",
    { ...point, reason: "Spam" },
    supervisor,
  );

  expect(entry).toMatchObject({ type: "email", value, reason: "Spam" });
  expect(await listed()).toEqual([true]);
  const [blocked] = await bus.call("customers.resolve", { senders: [{ type: "email", value }] });
  expect(blocked).toEqual({ isNew: false, blocked: true });
  await expect(
    bus.call("customers.blockContactPoint", { ...point }, supervisor),
  ).rejects.toMatchObject({
    code: 409,
    type: "ALREADY_BLOCKED",
    data: { existingId: entry.id },
  });

  await bus.call("customers.unblockContactPoint", { ...point }, supervisor);

  expect(await listed()).toEqual([false]);
  await expect(
    bus.call("customers.unblockContactPoint", { ...point }, supervisor),
  ).rejects.toMatchObject({ code: 404 });
});

test("F025: what no message comes from, and what is not there, cannot be blocked", async () => {
  const { bus, id } = await aCustomer();
  const postal = { type: "postal", value: "12 St James's Square" } as const;
  const { id: contactPointId } = await bus.call(
    "customers.addContactPoint",
    { id, ...postal },
    agent,
  );
  const block = (point: string) =>
    bus.call("customers.blockContactPoint", { id, contactPointId: point }, supervisor);

  await expect(block(contactPointId)).rejects.toMatchObject({ code: 409, type: "NOT_BLOCKABLE" });
  await expect(block(newId())).rejects.toMatchObject({ code: 404 });
  await expect(
    bus.call("customers.unblockContactPoint", { id, contactPointId }, supervisor),
  ).rejects.toMatchObject({ code: 404 });
});

test("F026: a channel reaches the contact points of its types, and no other", async () => {
  const types = { email: ["email"], telephony: ["phone", "mobile"], social: ["social"] } as const;
  const can = {
    directions: [],
    attachments: { allowed: false, kinds: [], maxBytes: 0, maxCount: 0 },
    threads: false,
    subject: false,
    copies: false,
    html: false,
    readReceipts: false,
    voiceNotes: false,
    calls: false,
    maxLength: 1,
  };
  const trail = { version: 1, createdAt: new Date(), updatedAt: new Date() };
  const named = { name: "A channel", direction: "both", campaignId: newId(), enabled: true };
  const channels = standIn("channels", {
    listTypes: () => ({
      items: Object.entries(types).map(([type, reached]) => ({
        type: type as ChannelType,
        contactPointTypes: [...reached],
        ...can,
      })),
    }),
    get({ params: { id } }) {
      if (!(id in types)) throw notFound("channel", id);
      return { id, type: id, ...named, ...trail } as Channel;
    },
  });
  const bus = await startBus(customers, channels);
  const contactPoints = [
    { type: "email" as const, value: email() },
    { type: "phone" as const, value: "+34911000777" },
    { type: "mobile" as const, value: "+34600000777" },
    { type: "postal" as const, value: "12 St James's Square" },
  ];
  const { id } = await bus.call("customers.create", { contactPoints }, agent);
  const fitting = async (channelId?: string) => {
    const asked = { id, ...(channelId ? { channelId } : {}) };
    const { items } = await bus.call("customers.listContactPoints", asked, agent);
    return items.map(({ type }) => type);
  };

  expect(await fitting()).toEqual(["email", "phone", "mobile", "postal"]);
  expect(await fitting("email")).toEqual(["email"]);
  expect(await fitting("telephony")).toEqual(["phone", "mobile"]);
  expect(await fitting("social")).toEqual([]);
  await expect(fitting("unknown")).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "channelId" }] },
  });
});
