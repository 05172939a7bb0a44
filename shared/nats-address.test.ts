import { expect, test } from "@jest/globals";
import { natsAddress } from "./nats-address.ts";

test.each([
  ["nats://127.0.0.1:4222", { servers: ["127.0.0.1:4222"] }],
  ["nats://one:4222, nats://two:4222", { servers: ["one:4222", "two:4222"] }],
  ["nats://ann:p%40ss@one:4222", { servers: ["one:4222"], user: "ann", pass: "p@ss" }],
  ["nats://s%25cret@one:4222", { servers: ["one:4222"], token: "s%cret" }],
  ["tls://one:4222", { servers: ["one:4222"], tls: {} }],
])("%s", (url, expected) => {
  expect(natsAddress(url)).toEqual(expected);
});
