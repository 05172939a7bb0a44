/** The HTTP server: fastify with our routes, limits, headers and refusals. */
import { fastify, type FastifyError, type FastifyInstance, type FastifyRequest } from "fastify";
import type { IncomingMessage } from "node:http";
import { newId } from "#shared/ids.ts";
import { admission } from "./admission.ts";
import { answering } from "./answering.ts";
import { readJson } from "./body.ts";
import { pages } from "./docs.ts";
import { split, type Gateway, type Reply } from "./exchange.ts";
import { securityHeaders } from "./headers.ts";
import type { Health } from "./health.ts";
import { problemOf, type Problem } from "./problems.ts";
import { routesOf, type Route } from "./routes.ts";
import { unknownPaths } from "./unknown-paths.ts";
import { refuseUnreadable } from "./unreadable.ts";

const json = "application/json";

/** Puts the server together; it does not listen yet. */
export async function createServer(
  gateway: Gateway,
  readiness: (stopping: boolean) => Promise<Health>,
): Promise<FastifyInstance> {
  const headers = securityHeaders(gateway.settings.publicUrl);
  const app = bareServer(gateway, headers);
  const routes = routesOf();
  app.decorateRequest("exchange", null);
  app.server.prependListener("request", (_request, response) => {
    gateway.load.watch(response);
  });
  addHook(app, gateway, headers, routes);
  addBodies(app, routes);
  app.setErrorHandler((error, request, reply) => {
    if (!gateway.stopping()) reply.removeHeader("connection"); // the rest of the body is read away
    void sendProblem(reply, problemOf(error, request.id, gateway.logger));
  });
  addHealth(app, gateway, readiness);
  await addPages(app);
  for (const route of routes) addRoute(app, gateway, route);
  return app;
}

function bareServer(
  { settings, logger }: Gateway,
  headers: Record<string, string>,
): FastifyInstance {
  const trusts = settings.trustedProxies;
  return fastify({
    logger: false,
    trustProxy: trusts > 0 && ((_address: string, hop: number) => hop < trusts),
    genReqId: requestIdOf,
    requestIdHeader: false,
    requestTimeout: settings.uploadTimeoutMs,
    http: {
      maxHeaderSize: settings.maxHeaderBytes,
      headersTimeout: settings.headTimeoutMs,
      connectionsCheckingInterval: settings.slowCheckMs,
    },
    routerOptions: { maxParamLength: 200, querystringParser: () => ({}) },
    clientErrorHandler: refuseUnreadable(headers),
    frameworkErrors(error, request, reply) {
      reply.headers(headers).header("x-request-id", request.id);
      void sendProblem(reply, problemOf(error, request.id, logger));
    },
  });
}

/** The caller's own id where it has a plain form, so that both sides can find it in their logs. */
function requestIdOf({ headers }: Pick<IncomingMessage, "headers">): string {
  const sent = headers["x-request-id"];
  return typeof sent === "string" && /^[\w.-]{1,128}$/.test(sent) ? sent : newId();
}

function addHook(
  app: FastifyInstance,
  gateway: Gateway,
  headers: Record<string, string>,
  routes: readonly Route[],
): void {
  const unknown = unknownPaths([
    ...routes.map(({ method, path }) => [method, path] as const),
    ...["/health/live", "/health/ready", ...pages.map(({ path }) => path)].map(
      (path) => ["GET", path] as const,
    ),
  ]);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(headers).header("x-request-id", request.id);
    if (gateway.stopping()) reply.header("connection", "close");
    if (!request.is404) {
      done();
      return;
    }
    void sendProblem(reply, unknown.answer(request.method, split(request.url).path, request.id));
  });
}

/** JSON, and the media types that contracts ask for instead. */
function addBodies(app: FastifyInstance, routes: readonly Route[]): void {
  app.removeAllContentTypeParsers();
  const streamed = routes.filter(({ contract }) => contract.streamed);
  const types = new Set([json, ...routes.map(({ consumes }) => consumes)]);
  for (const type of new Set(streamed.map(({ consumes }) => consumes))) {
    types.delete(type);
    app.addContentTypeParser(type, ({ exchange }, body, done) => {
      if (exchange && exchange.route.consumes !== type) done(wrongMediaType());
      else done(null, body);
    });
  }
  for (const type of types) {
    app.addContentTypeParser(type, { parseAs: "buffer" }, (request, body, done) => {
      try {
        done(null, read(request, type, body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
  }
}

function read({ exchange, headers }: FastifyRequest, type: string, body: Buffer): unknown {
  if (exchange && exchange.route.consumes !== type) throw wrongMediaType();
  if (exchange && headers["idempotency-key"] !== undefined) exchange.raw = body;
  return type === json ? readJson(body) : body;
}

const wrongMediaType = (): FastifyError =>
  Object.assign(new Error(), {
    name: "FastifyError",
    code: "FST_ERR_CTP_INVALID_MEDIA_TYPE",
    statusCode: 415,
  });

function addRoute(app: FastifyInstance, gateway: Gateway, route: Route): void {
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit,
    onRequest: admission(gateway, route),
    handler: answering(gateway, route),
  });
}

function addHealth(
  app: FastifyInstance,
  gateway: Gateway,
  readiness: (stopping: boolean) => Promise<Health>,
): void {
  app.get("/health/live", () => ({ status: "ok", checks: {} }));
  app.get("/health/ready", async (_request, reply) => {
    const health = await readiness(gateway.stopping());
    const serves = health.status === "ok" || health.status === "degraded";
    if (!serves) reply.code(503).header("retry-after", "2");
    return health;
  });
}

async function addPages(app: FastifyInstance): Promise<void> {
  for (const page of pages) {
    const content = await page.read();
    app.get(page.path, (_request, reply) => {
      reply.header("content-type", page.contentType);
      if (page.contentSecurityPolicy) {
        reply.header("content-security-policy", page.contentSecurityPolicy);
      }
      if (page.cacheControl) reply.header("cache-control", page.cacheControl);
      return reply.send(content);
    });
  }
}

const sendProblem = (reply: Reply, { status, headers, body }: Problem) =>
  reply.code(status).headers(headers).send(body);
