/** (b) The product through HTTP, with the gateway and each service as processes of their own. */
import { randomUUID } from "node:crypto";
import { cpuSeconds, residentMb } from "../tests/system/nodes.ts";
import * as systems from "../tests/system/system.ts";
import { measured, round, type Figures } from "./figures.ts";

/** Messages of senders not seen before, or of senders who have an open case. */
export type Kind = "first" | "next";

export interface Product {
  /** Sends one message; answers when the product has. */
  send: (kind: Kind, prefer?: string) => Promise<void>;
  system: systems.System;
}

/** Starts the product and makes a channel with `senders` customers that have an open case. */
export async function startProduct(
  servers: systems.Servers,
  layout: string[],
  senders: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<Product> {
  const system = await systems.startSystem(servers, layout, environment);
  const inbox = await systems.makeInbox(system);
  let turn = 0;
  const send = async (kind: Kind, prefer?: string) => {
    const sender = kind === "first" ? randomUUID() : `known-${String(turn++ % senders)}`;
    const message = systems.aMessage({
      from: { type: "email", value: `${sender}@example.com`, name: "Ada Byron" },
    });
    const headers = prefer ? { prefer } : {};
    systems.expected(await systems.post(system.http, inbox, message, headers), 200, 201, 202);
  };
  for (let known = 0; known < senders; known += 50) {
    await Promise.all(Array.from({ length: 50 }, () => send("next")));
  }
  return { send, system };
}

export interface ProductFigures extends Figures {
  /** Milliseconds of CPU for each message, by process. */
  cpuMsPerMessage: Record<string, number>;
  /** Megabytes afterwards, by process. */
  memoryMb: Record<string, number>;
}

/** Runs one kind of message at a concurrency for some seconds. */
export async function measureProduct(
  { system: { nodes }, send }: Product,
  kind: Kind,
  concurrency: number,
  seconds: number,
  prefer?: string,
): Promise<ProductFigures> {
  const before = nodes.map(({ pid }) => cpuSeconds(pid));
  const figures = await measured(() => send(kind, prefer), concurrency, seconds);
  const each = (value: (pid: number, index: number) => number) =>
    Object.fromEntries(
      nodes.map(({ services, pid }, index) => [`${services}${String(index)}`, value(pid, index)]),
    );
  return {
    ...figures,
    cpuMsPerMessage: each((pid, index) =>
      round(((cpuSeconds(pid) - (before[index] ?? 0)) * 1000) / Math.max(1, figures.done)),
    ),
    memoryMb: each(residentMb),
  };
}
