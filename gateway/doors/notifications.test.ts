/** Own notifications as they come: where a stream begins, how it goes on, and what it refuses. */
import { beforeEach, expect, test } from "@jest/globals";
import type { Answer } from "#shared/bus.ts";
import { hint, topicOfUser } from "#shared/hints.ts";
import { standIn } from "#shared/testing/bus.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { at, problemOf, startGateway } from "../../tests/gateway.ts";
import { listen } from "../../tests/system/listening.ts";

type Since = Answer<"notifications.since">;

/** What the agent was told so far, and how many of it are unread. */
const box: { told: Since["items"]; unread: number } = { told: [], unread: 0 };
const tell = (count = 1) => {
  for (let time = 0; time < count; time += 1) {
    const seq = box.told.length + 1;
    box.told.push({ id: `n${seq}`, kind: "caseAssigned", caseId: "k1", at, seq });
    box.unread += 1;
  }
};

const notifications = standIn("notifications", {
  since: ({ params: { after, limit } }): Since => ({
    items: after === undefined ? [] : box.told.filter(({ seq }) => seq > after).slice(0, limit),
    last: box.told.length,
    unread: box.unread,
  }),
});

beforeEach(() => {
  box.told = [];
  box.unread = 0;
});

async function start() {
  const { bus, port, ask } = await startGateway({}, notifications);
  const open = async (lastEvent?: string) => {
    const headers: Record<string, string> = lastEvent ? { "last-event-id": lastEvent } : {};
    const listener = await listen(port, "/notifications/stream", "agent:ada", headers);
    onTestFinished(listener.stop);
    await until(() => listener.heard.length > 0);
    return listener;
  };
  return {
    ask,
    open,
    ring: (userId: string) => {
      hint(bus as never, topicOfUser(userId));
    },
  };
}

test("F230: a stream begins with what is unread and where it is, and tells what comes", async () => {
  const { open, ring } = await start();
  tell(3);

  const { heard } = await open();
  tell();
  ring("ada");
  await until(() => heard.length === 3);

  expect(heard).toEqual([
    { name: "unread", id: "3", data: { count: 3 } },
    {
      name: "notification",
      id: "4",
      data: { id: "n4", kind: "caseAssigned", caseId: "k1", at: at.toISOString() },
    },
    { name: "unread", id: "4", data: { count: 4 } },
  ]);
});

test("F230: a stream goes on after the last event that was heard, however many there are", async () => {
  tell(450);
  const { open } = await start();

  const { heard } = await open("2");
  await until(() => heard.length === 449);

  const ids = heard.filter(({ name }) => name === "notification").map(({ id }) => Number(id));
  expect(ids).toEqual(Array.from({ length: 448 }, (_, place) => place + 3));
  expect(heard.filter(({ name }) => name === "unread")).toHaveLength(1);
});

test("F230: a stream that was read elsewhere tells the new count alone, and nothing of others", async () => {
  tell(2);
  const { open, ring } = await start();
  const { heard } = await open();

  box.unread = 0;
  ring("bo");
  ring("ada");
  await until(() => heard.length === 2);

  expect(heard[1]).toEqual({ name: "unread", id: "2", data: { count: 0 } });
});

test("F230: a place that was never reached counts as the end", async () => {
  tell(2);
  const { open, ring } = await start();
  const { heard } = await open("900");

  tell();
  ring("ada");
  await until(() => heard.some(({ name }) => name === "notification"));

  expect(heard.filter(({ name }) => name === "notification")).toMatchObject([{ id: "3" }]);
});

test.each(["x", "-1", "1.5", "9999999999"])(
  "F230: Last-Event-ID %j is refused by its name",
  async (lastEvent) => {
    const { ask } = await start();
    const headers = { "last-event-id": lastEvent };

    const refused = ask("GET /notifications/stream", { token: "agent:ada", headers });

    expect(await problemOf(refused)).toMatchObject({
      status: 422,
      errors: [{ path: "Last-Event-ID" }],
    });
  },
);

test("F230: a connector has no notifications, nobody has none either", async () => {
  const { ask } = await start();

  const [connector, nobody] = [
    await ask("GET /notifications/stream", { token: "connector" }),
    await ask("GET /notifications/stream"),
  ];

  expect([connector.status, nobody.status]).toEqual([403, 401]);
});
