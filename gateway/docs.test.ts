/** The documentation: the description as it is served, and the page that shows it. */
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { startGateway } from "../tests/gateway.ts";
import { openApi } from "./openapi.ts";

test("B11: the description is served as it is made, to everybody", async () => {
  const { ask } = await startGateway({});

  const answer = await ask("GET /openapi.json");

  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("application/json");
  expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(openApi())));
});

test("B11: the documentation shows it in a page that loads nothing from outside", async () => {
  const { ask } = await startGateway({});

  const page = await ask("GET //docs");
  const html = await page.text();
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) =>
    String(address),
  );
  const policy = String(page.headers.get("content-security-policy"));

  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
  expect(html).not.toMatch(/<script(?![^>]* src=)|https?:/);
  expect(loaded.length).toBeGreaterThan(2);
  for (const address of loaded) {
    const asset = await ask(`GET /${address}`);
    expect([address, asset.status]).toEqual([address, 200]);
    expect((await asset.text()).length).toBeGreaterThan(50);
  }
  const bundle = await (await ask("GET //docs/assets/swagger-ui-bundle.js")).text();
  const own = readFileSync("node_modules/swagger-ui-dist/swagger-ui-bundle.js", "utf8");
  expect(bundle).toBe(own);
});
