/** Whether memory stays flat: many messages through the product, looked at in equal parts. */
import { apart, type Servers } from "../tests/system/system.ts";
import { measured } from "./figures.ts";
import { residentMb } from "../tests/system/nodes.ts";
import { liveHeaps } from "./live-heap.ts";
import { startProduct } from "./product.ts";

export interface Part {
  /** Messages sent so far. */
  sent: number;
  perSecond: number;
  /** Resident megabytes by process, which V8 does not give back at once. */
  memoryMb: Record<string, number>;
  /** What is left of the heap once garbage is collected: megabytes by process. */
  liveMb: Record<string, number>;
}

const parts = 5;
const concurrency = 128;
const senders = 2_000;

/** Sends this many messages, half of them of new senders, and answers the memory after each part. */
export async function soak(
  servers: Servers,
  messages: number,
  tell: (line: string) => void,
): Promise<Part[]> {
  const heaps = liveHeaps();
  const product = await startProduct(servers, apart(), senders, heaps.environment);
  const { nodes } = product.system;
  const seen: Part[] = [];
  try {
    for (let part = 1; part <= parts; part += 1) {
      let left = Math.ceil(messages / parts);
      const began = Date.now();
      await measured(
        () => product.send(left % 2 === 0 ? "first" : "next"),
        concurrency,
        Infinity,
        () => left-- > 0,
      );
      const seconds = (Date.now() - began) / 1_000;
      const memory = nodes.map(({ services, pid }) => [services, residentMb(pid)] as const);
      const one: Part = {
        sent: Math.ceil(messages / parts) * part,
        perSecond: Math.round(Math.ceil(messages / parts) / seconds),
        memoryMb: Object.fromEntries(memory),
        liveMb: await heaps.read(nodes),
      };
      seen.push(one);
      tell(JSON.stringify(one));
    }
    return seen;
  } finally {
    await product.system.stop();
    heaps.close();
  }
}
