import { expect, test } from "@jest/globals";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { newId } from "#shared/ids.ts";
import customers from "./customers.service.ts";

const supervisor = as("supervisor");

test("F025: an address is blocked once however it is written, listed and let go", async () => {
  const bus = await startBus(customers);

  const blocked = await bus.call(
    "customers.block",
    { type: "mobile", value: "600 333 444", defaultCountry: "ES", reason: "Spam" },
    supervisor,
  );

  expect(blocked).toMatchObject({ type: "mobile", value: "+34600333444", reason: "Spam" });
  const again = bus.call("customers.block", { type: "phone", value: "+34600333444" }, supervisor);
  await expect(again).rejects.toMatchObject({
    code: 409,
    type: "ALREADY_BLOCKED",
    data: { existingId: blocked.id },
  });
  expect((await bus.call("customers.listBlocked", {}, supervisor)).items).toEqual([blocked]);

  await bus.call("customers.unblock", { id: blocked.id }, supervisor);

  expect((await bus.call("customers.listBlocked", {}, supervisor)).items).toEqual([]);
  expect(await announced("customers", "customers.blocked")).toMatchObject([
    {
      data: { id: blocked.id },
      changes: [
        { field: "address", new: { type: "mobile", value: "+34600333444" } },
        { field: "reason", new: "Spam" },
      ],
    },
  ]);
  expect(await announced("customers", "customers.unblocked")).toMatchObject([
    { data: { id: blocked.id }, aggregate: { id: blocked.id, version: 2 } },
  ]);
});

test("F025: blocked addresses come newest first, a page at a time", async () => {
  const bus = await startBus(customers);
  for (const name of ["a", "b", "c"]) {
    const value = `${name}@pages.example.com`;
    await bus.call("customers.block", { type: "email", value }, supervisor);
  }

  const first = await bus.call("customers.listBlocked", { limit: 2, count: true }, supervisor);
  const cursor = first.nextCursor!;
  const second = await bus.call("customers.listBlocked", { limit: 2, cursor }, supervisor);

  const names = [...first.items, ...second.items].map(({ value }) => value[0]);
  expect(names).toEqual(["c", "b", "a"]);
  expect(first.total).toBe(3);
  expect(second.nextCursor).toBeNull();
});

test("F025: what cannot be read cannot be blocked, what is not blocked not let go", async () => {
  const bus = await startBus(customers);

  await expect(
    bus.call("customers.block", { type: "email", value: "nobody" }, supervisor),
  ).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "value" }] } });
  await expect(bus.call("customers.unblock", { id: newId() }, supervisor)).rejects.toMatchObject({
    code: 404,
  });
});

test("F025: a blocked sender gets no customer, and one again once let go", async () => {
  const bus = await startBus(customers);
  const sender = { type: "social", value: "@Spammer", network: "social" } as const;
  const { id } = await bus.call("customers.block", { ...sender, value: "spammer" }, supervisor);

  const [blocked] = await bus.call("customers.resolve", { senders: [sender] });
  expect(blocked).toEqual({ isNew: false, blocked: true });

  await bus.call("customers.unblock", { id }, supervisor);
  const [free] = await bus.call("customers.resolve", { senders: [sender] });
  expect(free).toMatchObject({ isNew: true, blocked: false, customerId: expect.any(String) });
});

test("F025: a customer who is known is blocked too", async () => {
  const bus = await startBus(customers);
  const sender = { type: "email", value: "known@example.com" } as const;
  const [known] = await bus.call("customers.resolve", { senders: [sender] });
  await bus.call("customers.block", sender, supervisor);

  const [blocked] = await bus.call("customers.resolve", { senders: [sender] });

  expect(known!.customerId).toBeDefined();
  expect(blocked).toEqual({ isNew: false, blocked: true });
});
