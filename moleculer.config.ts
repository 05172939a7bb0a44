/** How our nodes meet on the bus (docs/decisions say why each setting departs from the default). */
import type { BrokerOptions } from "moleculer";
import { config } from "./shared/config.ts";
import { newId } from "./shared/ids.ts";
import { brokerLogger } from "./shared/logging.ts";
import { answers } from "./shared/middlewares/answers.ts";
import { givenUpCalls } from "./shared/middlewares/given-up-calls.ts";
import { localFirst } from "./shared/middlewares/local-first.ts";
import { wholeStreams } from "./shared/middlewares/whole-streams.ts";
import { natsAddress } from "./shared/nats-address.ts";
import { SteadyNats } from "./shared/steady-nats.ts";

const { NAMESPACE, NATS_URL, REQUEST_TIMEOUT_MS } = config();

export default {
  namespace: NAMESPACE,
  nodeID: `node-${newId()}`, // a node that comes back is a new one
  /** One of its own for each broker that takes these options. */
  get transporter() {
    return new SteadyNats({
      ...natsAddress(NATS_URL),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      pingInterval: 5_000,
    });
  },
  serializer: "JSONExt", // dates stay dates between services
  validator: false, // implement() checks by the contract
  logger: brokerLogger(),
  requestTimeout: REQUEST_TIMEOUT_MS,
  retryPolicy: { enabled: false }, // a slow action that is retried runs twice
  heartbeatInterval: 2,
  heartbeatTimeout: 6,
  disableBalancer: true, // NATS's queue groups know at once which replica is gone
  maxCallLevel: 10,
  tracking: { enabled: true, shutdownTimeout: 15_000 },
  bulkhead: { enabled: true, concurrency: 1_000, maxQueueSize: 4_000 },
  transit: { maxQueueSize: 10_000 },
  contextParamsCloning: false,
  middlewares: [
    localFirst,
    wholeStreams,
    givenUpCalls,
    ...(process.env["NODE_ENV"] === "test" ? [answers] : []),
  ],
} satisfies BrokerOptions;
