import { expect, jest, test } from "@jest/globals";
import { leadsInside } from "./public-addresses.ts";

const to = (...addresses: string[]) => Promise.resolve(addresses);

test("a name leads inside if one of its addresses is not public", async () => {
  expect(await leadsInside("example.com", () => to("1.1.1.1", "2a00:1450::5"))).toBe(false);
  expect(await leadsInside("example.com", () => to("1.1.1.1", "127.0.0.1"))).toBe(true);
  expect(await leadsInside("example.com", () => to("::ffff:10.0.0.1"))).toBe(true);
});

test("this machine's own name for itself leads inside", async () => {
  expect(await leadsInside("localhost")).toBe(true);
});

test("an address itself is asked of nobody", async () => {
  const resolve = () => Promise.reject(new Error("asked"));

  expect(await leadsInside("10.0.0.1", resolve)).toBe(true);
  expect(await leadsInside("1.1.1.1", resolve)).toBe(false);
});

test("a name that leads nowhere does not lead inside", async () => {
  expect(await leadsInside("example.com", () => Promise.reject(new Error("ENOTFOUND")))).toBe(
    false,
  );
});

test("nobody waits longer than two seconds for the answer about a name", async () => {
  jest.useFakeTimers();
  try {
    const asked = leadsInside("example.com", () => new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(2_000);

    expect(await asked).toBe(false);
  } finally {
    jest.useRealTimers();
  }
});
