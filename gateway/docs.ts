/** The API's documentation as pages: the description, and Swagger UI that shows it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { openApi } from "./openapi.ts";
import type { Page } from "./page.ts";

const require = createRequire(import.meta.url);
const shown = (name: string): Buffer => readFileSync(require.resolve(`swagger-ui-dist/${name}`));

/** Only what the page itself brings; its own style sheet shows small pictures from inside. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const javascript = "text/javascript; charset=utf-8";
const assets = "/docs/assets";

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Casewire API</title>
    <link rel="icon" type="image/png" href="${assets}/favicon-32x32.png">
    <link rel="stylesheet" href="${assets}/swagger-ui.css">
    <script src="${assets}/swagger-ui-bundle.js" defer></script>
    <script src="${assets}/start.js" defer></script>
  </head>
  <body>
    <main id="api"></main>
  </body>
</html>
`;

/** `validatorUrl` would have a server of others look at the description. */
const start = `window.SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

const asset = (name: string, contentType: string, read: Page["read"]): Page => ({
  path: `${assets}/${name}`,
  contentType,
  cacheControl: "public, max-age=3600",
  read,
});

export const pages: readonly Page[] = [
  {
    path: "/api/v1/openapi.json",
    contentType: "application/json; charset=utf-8",
    cacheControl: "no-cache",
    read: () => JSON.stringify(openApi()),
  },
  {
    path: "/docs",
    contentType: "text/html; charset=utf-8",
    contentSecurityPolicy,
    cacheControl: "no-cache",
    read: () => html,
  },
  asset("start.js", javascript, () => start),
  asset("swagger-ui-bundle.js", javascript, () => shown("swagger-ui-bundle.js")),
  asset("swagger-ui.css", "text/css; charset=utf-8", () => shown("swagger-ui.css")),
  asset("favicon-32x32.png", "image/png", () => shown("favicon-32x32.png")),
];
