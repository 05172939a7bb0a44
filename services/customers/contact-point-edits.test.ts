/** Contact points as they are changed and removed. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";
import { removedContactPoints } from "./tables.store.ts";

const agent = as("agent");
let used = 0;
const email = () => `edited${String((used += 1))}@points.example.com`;

/** A customer with a name and one e-mail address. */
async function aCustomer(more: object = {}) {
  const bus = await startBus(customers);
  const value = email();
  const { id, contactPoints } = await bus.call(
    "customers.create",
    { firstName: "Ada", contactPoints: [{ type: "email", value }], ...more },
    agent,
  );
  const contactPointId = contactPoints[0]!.id;
  const change = (version: number, patch: object) =>
    bus.call("customers.changeContactPoint", { id, contactPointId, version, ...patch }, agent);
  const remove = () => bus.call("customers.removeContactPoint", { id, contactPointId }, agent);
  return { bus, id, value, contactPointId, change, remove };
}

const toldOf = async (id: string, event: "contactPointChanged" | "contactPointRemoved") =>
  (await announced("customers", `customers.${event}`)).filter(({ data }) => data.id === id);

test("F023, F024, D18: a contact point is changed, read for its type and announced", async () => {
  const { bus, id, value, contactPointId, change } = await aCustomer();

  const changed = await change(1, {
    type: "mobile",
    value: "300 123 4567",
    country: "CO",
    label: "own",
  });

  expect(changed).toMatchObject({
    id: contactPointId,
    type: "mobile",
    value: "+573001234567",
    label: "own",
    version: 2,
  });
  expect(changed).not.toHaveProperty("country");
  const { version, ...point } = changed;
  expect(await bus.call("customers.get", { id }, agent)).toMatchObject({
    version,
    contactPoints: [point],
    updatedBy: agent.meta.actor?.id,
  });
  expect(await toldOf(id, "contactPointChanged")).toMatchObject([
    {
      data: { contactPointId, type: "mobile" },
      changes: [
        {
          field: "contactPoints",
          old: { id: contactPointId, type: "email", value },
          new: { id: contactPointId, type: "mobile", value: "+573001234567", label: "own" },
        },
      ],
    },
  ]);
});

test("F023: a change without a difference leaves the version, null clears", async () => {
  const { change, value } = await aCustomer();

  expect(await change(1, { value: value.toLowerCase() })).toHaveProperty("version", 1);
  expect(await change(1, { label: "home" })).toMatchObject({ label: "home", version: 2 });
  expect(await change(2, { label: null })).not.toHaveProperty("label");
});

test("F023, F024, P9: a change that does not fit is refused", async () => {
  const { bus, id, contactPointId, change } = await aCustomer();
  const other = await bus.call(
    "customers.addContactPoint",
    { id, type: "email", value: email() },
    agent,
  );
  const refusals = [
    [{ value: "nobody" }, "value"],
    [{ type: "phone" }, "value"],
    [{ network: "instagram" }, "network"],
    [{ country: "ES" }, "country"],
    [{ address: { line1: "1 Main Street" } }, "address"],
  ] as const;

  for (const [patch, path] of refusals) {
    await expect(change(2, patch)).rejects.toMatchObject({
      code: 422,
      data: { errors: [{ path }] },
    });
  }
  await expect(change(1, { label: "x" })).rejects.toMatchObject({ code: 412 });
  await expect(change(2, { value: other.value.toUpperCase() })).rejects.toMatchObject({
    code: 409,
    type: "CONTACT_POINT_EXISTS",
    data: { existingId: other.id },
  });
  const unknown = { id, version: 2, label: "x", contactPointId: newId() };
  await expect(bus.call("customers.changeContactPoint", unknown, agent)).rejects.toMatchObject({
    code: 404,
  });
  const elsewhere = { id: newId(), version: 1, label: "x", contactPointId };
  await expect(bus.call("customers.changeContactPoint", elsewhere, agent)).rejects.toMatchObject({
    code: 404,
  });
});

test("F020, F024: a phone is read in its country, a handle has its network, a letter its parts", async () => {
  const { bus, id } = await aCustomer();
  const address = { line1: "12 St James's Square", city: "London", country: "GB" };
  const add = (given: object) =>
    bus.call("customers.addContactPoint", { id, ...given } as never, agent);

  const phone = await add({ type: "phone", value: "0171 123 4567", country: "GB" });
  const handle = await add({ type: "social", value: "@ada", network: "instagram", label: "own" });
  const postal = await add({ type: "postal", value: "12 St James's Square, London", address });

  expect(phone).toMatchObject({ value: "+441711234567" });
  expect(handle).toMatchObject({ value: "@ada", network: "instagram", label: "own" });
  expect(postal).toMatchObject({ address });
  const sender = { type: "social", value: "Ada", network: "instagram" } as const;
  const [known] = await bus.call("customers.resolve", { senders: [sender] });
  expect(known).toMatchObject({ customerId: id });
});

test("F023, D16, D18: a contact point is removed, and what it was is kept", async () => {
  const { bus, id, value, contactPointId, remove } = await aCustomer();

  await remove();

  expect(await bus.call("customers.get", { id }, agent)).toMatchObject({
    contactPoints: [],
    version: 2,
  });
  const kept = await removedContactPoints.native().find({ customerId: id }).toArray();
  expect(kept).toMatchObject([
    { _id: contactPointId, type: "email", value, removedBy: agent.meta.actor?.id },
  ]);
  expect(await toldOf(id, "contactPointRemoved")).toMatchObject([
    {
      data: { contactPointId, type: "email" },
      changes: [{ field: "contactPoints", old: { id: contactPointId, value }, new: null }],
    },
  ]);
  await expect(remove()).rejects.toMatchObject({ code: 404 });
});

test("F023: the last thing that a customer is known by is not removed", async () => {
  const { remove } = await aCustomer({ firstName: null });

  await expect(remove()).rejects.toMatchObject({ code: 409, type: "LAST_CONTACT_POINT" });
});

test("F013, F023: who goes by a contact point goes by the new one, and others are told", async () => {
  const { bus, id, value, change } = await aCustomer({ firstName: null });
  const next = email();

  await change(1, { value: next });

  expect(await bus.call("customers.get", { id }, agent)).toHaveProperty("displayName", next);
  const [event] = (await announced("customers", "customers.changed")).filter(
    ({ data }) => data.id === id,
  );
  expect(event?.changes).toEqual([{ field: "displayName", old: value, new: next }]);
});
