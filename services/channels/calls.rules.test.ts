/** How a call may go on (D21). */
import { expect, test } from "@jest/globals";
import type { Call } from "#shared/contracts/channels/calls.ts";
import { progressed } from "./calls.rules.ts";

const states = ["ringing", "answered", "missed", "ended"] as const;

test("D21: a call goes forward only: late news leave it, impossible ones are refused", () => {
  const outcomes = states.map((from) =>
    states.map((to) => {
      try {
        return progressed({ state: from }, { state: to }).state;
      } catch (error) {
        return (error as { type: string }).type;
      }
    }),
  );

  expect(outcomes).toEqual([
    ["ringing", "answered", "missed", "ended"],
    ["answered", "answered", "ILLEGAL_TRANSITION", "ended"],
    ["missed", "ILLEGAL_TRANSITION", "missed", "ILLEGAL_TRANSITION"],
    ["ended", "ended", "ILLEGAL_TRANSITION", "ended"],
  ]);
});

test("D21: what is said again is the same call, what is added is kept", () => {
  const ended: Call = { state: "ended", durationSeconds: 65 };

  expect(progressed(ended, { state: "ended", durationSeconds: 65 })).toBe(ended);
  expect(progressed(ended, { state: "answered", durationSeconds: 3 })).toBe(ended);
  expect(progressed(ended, { state: "ended", recordingUrl: "https://r.example/1" })).toEqual({
    ...ended,
    recordingUrl: "https://r.example/1",
  });
});

test("D21: a call that nobody answered was not talked in", () => {
  for (const state of ["ringing", "missed"] as const) {
    expect(() => progressed({ state: "ringing" }, { state, durationSeconds: 3 })).toThrow(
      expect.objectContaining({
        code: 422,
        data: { errors: [expect.objectContaining({ path: "durationSeconds" })] },
      }),
    );
  }
});
