/** Answers a request that was let in: its parameters to the action or the door, and back. */
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { actorOf } from "#shared/actor.ts";
import type { Meta } from "#shared/bus.ts";
import { callFor } from "./calls.ts";
import type { Call, Listen } from "./door.ts";
import { split, type Exchange, type Gateway, type Incoming } from "./exchange.ts";
import { commandOf, once, type Command } from "./idempotency.ts";
import { LiveStream } from "./live-stream.ts";
import { outcomeOfMoved } from "./moved.ts";
import { outcomeOf, outcomeOfDoor, type Outcome } from "./outcome.ts";
import { problemOf } from "./problems.ts";
import { paramsOf } from "./request.ts";
import type { Route } from "./routes.ts";

/** The handler of a route. */
export function answering(gateway: Gateway, route: Route) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const incoming = request as Incoming;
    const { path, query } = split(request.url);
    const { headers } = request;
    const body = request.body instanceof Readable ? undefined : request.body;
    const named = request.params as Record<string, string>;
    const params = paramsOf(route, { path: named, query, body, headers });
    const command = commandOf(route, {
      key: headers["idempotency-key"],
      caller: callerOf(incoming.exchange),
      path,
      // bytes that are handed on cannot be compared here; the doorway does that
      raw: route.contract.streamed ? Buffer.from(query) : incoming.exchange.raw,
    });
    const work = perform(gateway, incoming, path, params, command);
    const outcome = await gateway.load.during(work);
    // a stream stays open: it is no request under way, and has bounds of its own
    if (outcome.body instanceof LiveStream) gateway.load.leave(reply.raw, outcome.status);
    return send(reply, outcome);
  };
}

const callerOf = ({ actor, address }: Exchange): string =>
  actor ? `${actor.kind}:${actor.channelId ?? actor.id}` : `address:${address}`;

function perform(
  gateway: Gateway,
  request: Incoming,
  path: string,
  params: Record<string, unknown>,
  command: Command | undefined,
): Promise<Outcome> {
  const { id: requestId, url, exchange } = request;
  const answered = () =>
    run(gateway, request, path, params, command).catch((error: unknown) =>
      outcomeOfMoved(error, { route: exchange.route, url, requestId }),
    );
  if (!command) return answered();
  const refusable = () =>
    answered().catch((error: unknown) => problemOf(error, requestId, gateway.logger));
  return once(command, refusable, gateway.logger);
}

async function run(
  gateway: Gateway,
  request: Incoming,
  path: string,
  params: Record<string, unknown>,
  command?: Command,
): Promise<Outcome> {
  const { exchange, id: requestId, headers, body } = request;
  const { route, actor } = exchange;
  const call = callFor(gateway.broker, exchange, metaOf(requestId, exchange, command));
  if (!route.door) {
    return outcomeOf(route, path, await call(route.name, params));
  }
  const answer = await route.door(
    {
      params,
      headers,
      path,
      requestId,
      ...(actor ? { actor } : {}),
      ...(body instanceof Buffer ? { body } : {}),
      ...(body instanceof Readable ? { stream: body } : {}),
    },
    call as unknown as Call,
    listenFor(gateway, request),
  );
  return outcomeOfDoor(route, path, answer);
}

function listenFor(gateway: Gateway, { exchange, headers, id: requestId }: Incoming): Listen {
  const { route, actor } = exchange;
  const { authorization } = headers;
  const meta = actor ? { actor } : {};
  return (source) =>
    gateway.live.listen({ actor: actorOf({ meta }), authorization, route, requestId }, source);
}

const metaOf = (requestId: string, { actor, address }: Exchange, command?: Command): Meta => ({
  requestId,
  address,
  ...(actor ? { actor } : {}),
  ...(command ? { commandId: command.id } : {}),
});

function send(reply: FastifyReply, { status, headers, body }: Outcome): FastifyReply {
  reply.code(status).headers(headers);
  return body === undefined ? reply.send() : reply.send(body);
}
