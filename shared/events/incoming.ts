/** A message of the stream as an event: read, and checked against the contract of its name. */
import type { MsgHdrs } from "nats";
import type { EventName, ServiceName } from "../bus.ts";
import type { Contract } from "../contract.ts";
import { contracts } from "../contracts/index.ts";
import type { Field, Shape } from "../fields.ts";
import { checker } from "../validation.ts";
import type { DomainEvent } from "./event.ts";
import { replaySubject } from "./stream.ts";

/** A message as the stream keeps it. */
export interface Message {
  /** Which stream, and the place in it. */
  born: string;
  sequence: number;
  subject: string;
  /** The event's id. */
  id: string;
  text: string;
}

/** An event to be taken in; one that breaks its contract carries the `fault` instead. */
export interface Incoming extends Message {
  key: string;
  /** It is a dead letter that was handed in once more. */
  replayed: boolean;
  event?: DomainEvent;
  fault?: Error;
}

/** Names the event of a message whose own id says something else: a replay. */
export const eventIdHeader = "Event-Id";

/** The event's id, from the headers of its message. */
export const idOf = (headers: MsgHdrs | undefined): string =>
  headers?.get(eventIdHeader) || headers?.get("Nats-Msg-Id") || "";

export function incoming(service: ServiceName, message: Message): Incoming {
  const replayed = message.subject === replaySubject(service);
  try {
    const event = eventOf(message.text);
    return { ...message, id: event.id, key: event.key, replayed, event };
  } catch (error) {
    const fault = error instanceof Error ? error : new Error(String(error));
    const name = `message-${message.sequence}`;
    return { ...message, id: message.id || name, key: name, replayed, fault };
  }
}

/** @throws Error when the text is no event that a contract of ours knows */
function eventOf(text: string): DomainEvent {
  const event = JSON.parse(text) as DomainEvent;
  if (!needed.every((name) => event[name])) throw new Error("The message is no event");
  const at = new Date(event.at);
  if (Number.isNaN(at.getTime())) throw new Error("The event has no time");
  return { ...event, at, data: checkOf(event.name)(event.data) as never };
}

const needed = ["id", "name", "key", "aggregate", "actor", "changes", "data", "at"] as const;

const checks = new Map<EventName, (data: object) => unknown>();

function checkOf(name: EventName): (data: object) => unknown {
  const known = checks.get(name);
  if (known) return known;
  const [owner = "", event = ""] = name.split(".");
  const shape = (contracts as Record<string, Contract>)[owner]?.events[event];
  if (!shape) throw new Error(`No contract knows the event ${name}`);
  const check = checker({ ...lenient(shape), $$strict: "remove" } as never);
  checks.set(name, check);
  return check;
}

/** While a release is rolled out, a newer announcer may send fields that we do not know yet. */
const lenient = (shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, lenientField(field)]));

function lenientField(field: Field<unknown>): Field<unknown> {
  const { props, items } = field as { props?: Shape; items?: Field<unknown> };
  return {
    ...field,
    ...(props ? { props: lenient(props), strict: "remove" } : {}),
    ...(items ? { items: lenientField(items) } : {}),
  };
}
