/** What is really answered keeps to the API's description. */
import { expect, test } from "@jest/globals";
import { CampaignOptions } from "#shared/contracts/campaigns.ts";
import { standIn } from "#shared/testing/bus.ts";
import { checker } from "#shared/validation.ts";
import { answerOf, fits } from "../tests/described.ts";
import { aCampaign, at, ownChannel, startGateway } from "../tests/gateway.ts";

test("B11: real answers keep to what is described", async () => {
  const campaign = { ...aCampaign, options: checker(CampaignOptions)({}) };
  const { id, name, description, timeZone, language, enabled, archived } = campaign;
  const { routingStrategy, version, createdAt, updatedAt } = campaign;
  const summary = {
    ...{ id, name, description, timeZone, language, enabled, archived },
    ...{ routingStrategy, version, createdAt, updatedAt },
  };
  const { ask } = await startGateway(
    {},
    standIn("campaigns", {
      list: () => ({ items: [summary], nextCursor: null, total: 1 }),
      create: () => campaign,
      get: () => campaign,
    }),
    standIn("channels", {
      receive: ({ params: { waitMs } }) => ({
        interactionId: "i",
        state: waitMs === 0 ? "received" : "filed",
        duplicate: false,
        case: { id: "c", number: 1, isNew: true },
      }),
      describe: ({ params: { ids } }) =>
        ids.map((id) => ({
          id,
          name: "Care",
          type: "email",
          direction: "both",
          campaignId: "c",
          enabled: true,
          version: 1,
          createdAt: at,
          updatedAt: at,
        })),
    }),
  );
  const message = { externalId: "m", from: { type: "email", value: "a@b.co" }, text: "x" };
  const messages = `POST /channels/${ownChannel}/messages`;
  const connector = { token: "connector" };
  const answers: [string, number, Promise<Response>][] = [
    ["campaigns.list", 200, ask("GET /campaigns?limit=1", { token: "agent" })],
    ["campaigns.get", 200, ask("GET /campaigns/c1", { token: "agent" })],
    [
      "campaigns.create",
      201,
      ask("POST /campaigns", { token: "administrator", body: { name: "C" } }),
    ],
    ["campaigns.create", 403, ask("POST /campaigns", { token: "agent", body: { name: "C" } })],
    ["campaigns.create", 422, ask("POST /campaigns", { token: "administrator", body: {} })],
    ["campaigns.change", 428, ask("PATCH /campaigns/c1", { token: "administrator", body: {} })],
    ["campaigns.get", 401, ask("GET /campaigns/c1")],
    ["cases.get", 503, ask("GET /cases/1", { token: "agent" })],
    ["channels.receive", 201, ask(messages, { ...connector, body: message })],
    [
      "channels.receive",
      202,
      ask(messages, { ...connector, body: message, headers: { prefer: "respond-async" } }),
    ],
    [
      "channels.receiveBatch",
      207,
      ask(`${messages}/batch`, { ...connector, body: { messages: [message, {}] } }),
    ],
    [
      "channels.receiveRaw",
      201,
      ask(`POST /channels/${ownChannel}/raw`, {
        ...connector,
        raw: "From: a@b.co\r\n\r\nHello",
        headers: { "content-type": "message/rfc822" },
      }),
    ],
  ];

  for (const [operationId, status, asked] of answers) {
    const answer = await asked;
    expect([operationId, answer.status]).toEqual([operationId, status]);
    const { type, schema } = answerOf(operationId, status);
    expect(answer.headers.get("content-type")).toContain(type);
    expect([operationId, fits(schema, await answer.json())]).toEqual([operationId, true]);
  }
});
