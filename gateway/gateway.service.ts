/** The only door from outside: HTTP in, actions out. It holds no business rules. */
import type { FastifyInstance } from "fastify";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Context, Service, ServiceSchema } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { accessRevoked, happened, type AccessRevoked, type Happened } from "#shared/hints.ts";
import { connect, disconnect } from "#shared/mongo/connection.ts";
import { prepare } from "#shared/mongo/store.ts";
import { Verifier } from "./authentication.ts";
import type { Gateway } from "./exchange.ts";
import { createReadiness } from "./health.ts";
import { Live } from "./live.ts";
import { createLoad } from "./load.ts";
import { createMetrics, serveMetrics, type Metrics } from "./metrics.ts";
import { sums } from "./rate-limits.store.ts";
import { Limiter } from "./rate-limits.ts";
import { createServer } from "./server.ts";
import { settingsOf, type Settings } from "./settings.ts";
import { drain } from "./stop.ts";

interface Running {
  readonly app: FastifyInstance;
  readonly gateway: Gateway;
  readonly figures: Server | undefined;
  draining: Promise<void> | undefined;
}

/** The gateway as a service; settings given here come before the environment's. */
export function gatewayWith(own: Partial<Settings> = {}): ServiceSchema {
  let running: Running | undefined;

  return {
    name: "gateway",
    events: {
      [accessRevoked](ctx: Context<AccessRevoked>) {
        running?.gateway.verifier.forget(ctx.params);
        running?.gateway.live.recheck(ctx.params);
      },
      [happened](ctx: Context<Happened>) {
        running?.gateway.live.wake(ctx.params);
      },
    },
    methods: {
      /** Where it listens; the port of its figures where it has one. */
      address(): { host: string; port: number; metricsPort?: number } {
        const { address, port } = running?.app.server.address() as AddressInfo;
        const figures = running?.figures?.address() as AddressInfo | undefined;
        return { host: address, port, ...(figures ? { metricsPort: figures.port } : {}) };
      },
      /** Takes no more requests and answers those under way; the services must live until then. */
      async drain(): Promise<void> {
        if (running) await (running.draining ??= drained(running));
      },
    },
    async started(this: Service) {
      running = await run(this, { ...settingsOf(), ...own });
    },
    async stopped() {
      if (!running) return;
      await (running.draining ??= drained(running));
      running = undefined;
      await disconnect();
    },
  };
}

async function run({ broker, logger }: Service, settings: Settings): Promise<Running> {
  await connect();
  await prepare("gateway");
  const metrics = createMetrics();
  const bus = broker as unknown as Broker;
  const running: { -readonly [K in keyof Running]?: Running[K] } = {};
  const gateway: Gateway = {
    broker,
    logger,
    settings,
    verifier: new Verifier((token, timeout) =>
      bus.call("identity.verify", { token }, { timeout: timeout ?? settings.requestTimeoutMs }),
    ),
    limiter: new Limiter(settings.limits, sums, logger),
    load: createLoad(settings.maxInFlight, metrics),
    live: new Live(bus, settings.live),
    stopping: () => running.draining !== undefined,
  };
  metrics.gauge("casewire_live_streams", () => gateway.live.open());
  const app = await createServer(gateway, createReadiness(broker));
  const figures = await figuresOf(metrics, settings);
  await app.listen({ host: settings.host, port: settings.port });
  return Object.assign(running, { app, gateway, figures, draining: undefined });
}

const figuresOf = async (metrics: Metrics, { host, metricsPort }: Settings) =>
  metricsPort === undefined ? undefined : serveMetrics(metrics, host, metricsPort);

async function drained({ app, gateway, figures }: Running): Promise<void> {
  gateway.limiter.stop();
  gateway.live.stop();
  await drain(app.server, () => gateway.load.open(), gateway.settings.pace);
  await app.close();
  figures?.close();
  figures?.closeAllConnections();
}

export default gatewayWith();
