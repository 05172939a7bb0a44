/** Whether this process lives, and whether it can serve. */
import type { ServiceBroker } from "moleculer";
import type { Contract } from "#shared/contract.ts";
import { contracts } from "#shared/contracts/index.ts";
import { pingDatabase } from "./health.store.ts";

const pingMs = 1_000;

type Check = "up" | "down";

export interface Health {
  /** `degraded`: takes in messages, though not all else works. */
  readonly status: "ok" | "degraded" | "unavailable" | "stopping";
  readonly checks: Readonly<Record<string, Check>>;
}

interface Endpoints {
  hasAvailable(): boolean;
  hasLocal(): boolean;
}

/** One action of each service: where it is there, the service is. */
const needed = Object.entries<Contract>(contracts).flatMap(([service, { actions }]) =>
  Object.keys(actions)
    .slice(0, 1)
    .map((action) => ({ service, action: `${service}.${action}` })),
);

/**
 * A check of readiness: 503 until database, bus and every service are there, and again while one
 * of them is away. A process that has channels in itself goes on taking messages without the bus
 * (P1): once it was ready, it stays so for as long as the database answers.
 */
export function createReadiness(broker: ServiceBroker): (stopping: boolean) => Promise<Health> {
  let wasReady = false;

  return async (stopping) => {
    const checks: Record<string, Check> = {
      mongodb: await databaseCheck(),
      ...busCheck(broker),
      ...Object.fromEntries(
        needed.map(({ service, action }) => [
          service,
          upIf(endpoints(broker, action)?.hasAvailable()),
        ]),
      ),
    };
    if (stopping) return { status: "stopping", checks };
    if (Object.values(checks).every((check) => check === "up")) {
      wasReady = true;
      return { status: "ok", checks };
    }
    const takesMessages =
      wasReady && checks["mongodb"] === "up" && endpoints(broker, "channels.receive")?.hasLocal();
    return { status: takesMessages ? "degraded" : "unavailable", checks };
  };
}

const upIf = (there: boolean | undefined): Check => (there ? "up" : "down");

const databaseCheck = (): Promise<Check> =>
  pingDatabase(pingMs).then(
    () => "up",
    () => "down",
  );

/** A broker without a transporter has all services in its own process and needs no bus. */
function busCheck({ transit }: ServiceBroker): Record<string, Check> {
  if (!transit) return {};
  return { nats: upIf((transit as unknown as { connected: boolean }).connected) };
}

const endpoints = (broker: ServiceBroker, action: string) =>
  broker.registry.getActionEndpoints(action) as unknown as Endpoints | undefined;
