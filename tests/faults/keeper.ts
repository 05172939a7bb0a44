/** Keeps the system's processes up while others kill them, as Kubernetes would. */
import { startNode, type Node } from "../system/nodes.ts";
import type { Servers } from "../../deploy/local/servers.ts";
import type { System } from "../system/system.ts";
import type { Chance } from "./random.ts";

export interface Keeper {
  /** Kills one of ours, nats-server or mongod at once; answers which it was. */
  killOne: (chance: Chance) => Promise<string>;
  /** Stops restarting and stops what runs. */
  stop: () => Promise<void>;
}

/** Takes over a system's processes: whichever ends is started again. */
export function keep(system: System, servers: Pick<Servers, "pids">): Keeper {
  const running = [...system.nodes];
  let stopping = false;
  running.forEach((_node, place) => {
    watch(place);
  });

  return {
    async killOne(chance) {
      const victims = [...running.map(({ services }) => services), "nats-server", "mongod"];
      const place = chance.below(victims.length);
      const node = running[place];
      if (node) await node.kill();
      else killServer(victims[place] ?? "");
      return victims[place] ?? "";
    },
    async stop() {
      stopping = true;
      await Promise.all(running.map((node) => node.stop()));
    },
  };

  function watch(place: number): void {
    const node = running[place] as Node;
    void node.ended.then(() => {
      if (stopping) return;
      running[place] = startNode(node.services, system.environment);
      watch(place);
    });
  }

  function killServer(name: string): void {
    const pid = servers.pids()[name];
    if (pid) process.kill(pid, "SIGKILL");
  }
}
