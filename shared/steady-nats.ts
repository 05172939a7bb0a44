/**
 * The bus by NATS, whose queue groups a node is in for exactly as long as it says so. Moleculer's
 * own transporter leaves every group and joins them anew whenever the node's services change, and
 * tells a node that asks of services whose groups it joins up to a second later; what is sent
 * meanwhile is lost, and its caller waits in vain.
 */
import { Transporters } from "moleculer";

interface Membership {
  drain: () => Promise<void>;
}
interface Announced {
  name: string;
  actions?: Record<string, unknown>;
  events?: Record<string, { group?: string }>;
}
type Joining = readonly [topic: string, join: () => unknown];

export class SteadyNats extends Transporters.NATS {
  /** The groups that this node is in, by what they take. */
  readonly #groups = new Map<string, Membership>();

  /** Joins the groups of the services that are there, and leaves those of services that are gone. */
  override async makeBalancedSubscriptions(): Promise<void> {
    const wanted = new Map(this.#offered());
    for (const [topic, join] of wanted) {
      if (this.#groups.has(topic)) continue;
      join();
      this.#groups.set(topic, this.subscriptions.at(-1) as unknown as Membership);
    }
    const gone = [...this.#groups].filter(([topic]) => !wanted.has(topic));
    for (const [topic] of gone) this.#groups.delete(topic);
    // What NATS had handed over before it heard of that is still taken.
    await Promise.all(gone.map(([, group]) => group.drain()));
  }

  /** A node says what it offers only after it can be asked for it; NATS keeps that order. */
  override async publish(packet: Parameters<Transporters.NATS["publish"]>[0]): Promise<void> {
    if (packet.type === "INFO") await this.makeBalancedSubscriptions();
    return super.publish(packet);
  }

  #offered(): Joining[] {
    const { services } = this.broker.getLocalNodeInfo() as unknown as { services: Announced[] };
    return services.flatMap(({ name, actions = {}, events = {} }) => [
      ...Object.keys(actions).map((action): Joining => [
        `action ${action}`,
        () => this.subscribeBalancedRequest(action),
      ]),
      ...Object.entries(events).map(([event, { group = name }]): Joining => {
        return [`event ${group} ${event}`, () => this.subscribeBalancedEvent(event, group)];
      }),
    ]);
  }
}
