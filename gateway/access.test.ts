/** The access matrix: every published route × every role, as the contracts have it. */
import { expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import { access, permissionsOf, roles, type Holder } from "#shared/contracts/access.ts";
import { contracts } from "#shared/contracts/index.ts";
import { ownChannel, startGateway, type Ask } from "../tests/gateway.ts";
import { routesOf, type Route } from "./routes.ts";

const holders = [...roles, "connector"] as const satisfies Holder[];

/** Every service with actions that only say that they were reached. */
const everything: ServiceSchema[] = Object.entries(contracts).flatMap(([name, { actions }]) =>
  name === "identity" || name === "interactions"
    ? []
    : [
        {
          name,
          actions: Object.fromEntries(Object.keys(actions).map((action) => [action, () => null])),
        },
      ],
);

const call = ({ method, path }: Route, channel: string): string =>
  `${method} /${path.replace(/^\/api\/v1\/channels\/:\w+/, `/api/v1/channels/${channel}`).replace(/:\w+/g, "x")}`;
const ask = ({ method }: Route, token?: string): Ask => ({
  ...(token ? { token } : {}),
  ...(method === "GET" || method === "DELETE" ? {} : { body: {} }),
  headers: { "if-match": '"1"' },
});

const mayUse = ({ contract: { needs } }: Route, holder: Holder): boolean =>
  needs === "nobody" ||
  (needs === "anybody" ? holder !== "connector" : permissionsOf(holder).includes(needs));

test("every published route needs a permission of the matrix, or says that it needs none", () => {
  for (const { name, contract } of routesOf()) {
    const known = [...Object.keys(access), "anybody", "nobody"];
    expect([name, known.includes(contract.needs)]).toEqual([name, true]);
  }
});

test("every route lets in the roles that hold its permission, and no other", async () => {
  const gateway = await startGateway({}, ...everything);

  for (const route of routesOf()) {
    for (const holder of holders) {
      const { status } = await gateway.ask(call(route, ownChannel), ask(route, holder));
      expect([route.name, holder, status === 403]).toEqual([
        route.name,
        holder,
        !mayUse(route, holder),
      ]);
      expect([route.name, holder, status]).not.toEqual([route.name, holder, 401]);
    }
  }
});

test("without a token only public routes answer", async () => {
  const gateway = await startGateway({}, ...everything);

  for (const route of routesOf()) {
    const { status } = await gateway.ask(call(route, ownChannel), ask(route));
    expect([route.name, status === 401]).toEqual([route.name, route.contract.needs !== "nobody"]);
  }
});

test("a connector finds no channel but its own", async () => {
  const gateway = await startGateway({}, ...everything);
  const routes = routesOf().filter((route) => route.channelParam && mayUse(route, "connector"));

  expect(routes.length).toBeGreaterThan(1);
  for (const route of routes) {
    const foreign = await gateway.ask(call(route, "foreign"), ask(route, "connector"));
    expect(foreign.status).toBe(404);
    expect(await foreign.json()).toMatchObject({ code: "NOT_FOUND" });
    const own = await gateway.ask(call(route, ownChannel), ask(route, "connector"));
    // what has no body gets as far as the stand-in, whose answer is none
    const reached = route.contract.consumes ? 415 : route.method === "GET" ? 500 : 422;
    expect([route.name, own.status]).toEqual([route.name, reached]);
  }
});

test("F226: only administrators configure campaigns, and a refusal names the permission that is missing", async () => {
  const gateway = await startGateway({}, ...everything);

  const create = (token: string) =>
    gateway.ask("POST /campaigns", { token, body: { name: "Care" } });
  const answer = await create("agent");

  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ code: "FORBIDDEN", needs: "campaigns.configure" });
  expect((await create("supervisor")).status).toBe(403);
});
