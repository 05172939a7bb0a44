/** What the types of channels can do (D22). */
import { expect, test } from "@jest/globals";
import { ChannelCapabilities } from "#shared/contracts/channels.ts";
import { compileShape } from "#shared/validation.ts";
import { capabilitiesOf, channelTypes, requireDirection } from "./channel-types.rules.ts";

test.each(channelTypes)("D22: what $type can do keeps to the contract", (capabilities) => {
  expect(compileShape(ChannelCapabilities)(structuredClone(capabilities))).toEqual([]);
  expect(capabilitiesOf(capabilities.type)).toBe(capabilities);
});

test("D22: each type has the contact points that its customers are reached by", () => {
  expect(
    Object.fromEntries(
      channelTypes.map(({ type, contactPointTypes }) => [type, contactPointTypes]),
    ),
  ).toEqual({
    email: ["email"],
    sms: ["mobile", "phone"],
    whatsapp: ["mobile"],
    webchat: ["email", "mobile", "phone", "other", "social"],
    social: ["social"],
    telephony: ["phone", "mobile"],
    custom: ["email", "phone", "mobile", "postal", "social", "other"],
  });
});

test("D22: only e-mail has subject, copies, HTML and threads among the named types", () => {
  const can = (wanted: "subject" | "copies" | "html" | "threads") =>
    channelTypes.filter((one) => one[wanted]).map(({ type }) => type);

  expect(can("subject")).toEqual(["email", "custom"]);
  expect(can("copies")).toEqual(["email", "custom"]);
  expect(can("html")).toEqual(["email", "custom"]);
  expect(can("threads")).toEqual(["email"]);
});

test("D22: a channel goes only where its type can", () => {
  const listening = { type: "custom" as const, directions: ["inbound" as const] };

  expect(() => {
    requireDirection("inbound", listening);
  }).not.toThrow();
  for (const direction of ["outbound", "both"] as const) {
    expect(() => {
      requireDirection(direction, listening);
    }).toThrow(expect.objectContaining({ code: 422, type: "VALIDATION_ERROR" }));
  }
});
