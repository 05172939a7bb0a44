import { expect, test } from "@jest/globals";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { newId } from "#shared/ids.ts";
import customers from "./customers.service.ts";

const agent = as("agent");

test("F020, F021, F023: contact points are added, several of one type", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);

  const home = await bus.call(
    "customers.addContactPoint",
    { id, type: "phone", value: "+34 911 000 001", label: "home" },
    agent,
  );
  await bus.call("customers.addContactPoint", { id, type: "phone", value: "+34911000002" }, agent);

  expect(home).toMatchObject({ type: "phone", value: "+34911000001", label: "home" });
  const kept = await bus.call("customers.get", { id }, agent);
  expect(kept.version).toBe(3);
  expect(kept.contactPoints.map(({ value }) => value)).toEqual(["+34911000001", "+34911000002"]);
  const [event] = (await announced("customers", "customers.contactPointAdded")).filter(
    ({ aggregate }) => aggregate.id === id,
  );
  expect(event).toMatchObject({
    aggregate: { version: 2 },
    data: { id, contactPointId: home.id, type: "phone" },
    changes: [{ field: "contactPoints", old: null, new: { value: "+34911000001" } }],
  });
});

test("F024: a contact point that is none of its type, or there already, is refused", async () => {
  const bus = await startBus(customers);
  const { id, contactPoints } = await bus.call(
    "customers.create",
    { contactPoints: [{ type: "email", value: "once@example.com" }] },
    agent,
  );

  const add = (type: "email" | "phone", value: string, to = id) =>
    bus.call("customers.addContactPoint", { id: to, type, value }, agent);

  await expect(add("phone", "once@example.com")).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "value" }] },
  });
  await expect(add("email", "Once@Example.com")).rejects.toMatchObject({
    code: 409,
    type: "CONTACT_POINT_EXISTS",
    data: { existingId: contactPoints[0]!.id },
  });
  await expect(add("email", "b@example.com", newId())).rejects.toMatchObject({ code: 404 });
});
