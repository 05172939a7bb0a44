/** A customer for tests of accounts, and how a test adds to it and looks. */
import { as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

export const agent = as("agent");

/** The customers service with one customer. */
export async function startWithCustomer() {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);
  const add = (number: string, extraFields: { name: string; value: string }[] = []) =>
    bus.call("customers.addAccount", { id, number, extraFields }, agent);
  const list = (more: object = {}) => bus.call("customers.listAccounts", { id, ...more }, agent);
  const found = async (q: string) =>
    (await bus.call("customers.list", { q }, agent)).items.map((one) => one.id);
  return { bus, id, add, list, found };
}
