/** Lets a request in before its body is read: how much is going on, who asks, how often, may they. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "#shared/contracts/common.ts";
import { isRefusal, tooMany } from "#shared/errors.ts";
import { tokenOf, type Verifier } from "./authentication.ts";
import type { Exchange, Gateway } from "./exchange.ts";
import { authorise } from "./permissions.ts";
import {
  countedAddress,
  limitOf,
  policyOf,
  type Allowance,
  type CallerKind,
} from "./rate-limits.ts";
import type { Route } from "./routes.ts";

type Done = (error?: Error) => void;

/** The hook of a route that decides whether its requests are taken. */
export function admission(gateway: Gateway, route: Route) {
  const { load, settings } = gateway;
  const admit = admitter(gateway, route);

  return (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    load.name(reply.raw, route.path);
    const deadline = performance.now() + settings.requestTimeoutMs;
    const exchange: Exchange = { route, deadline, address: request.ip };
    request.exchange = exchange;
    try {
      load.admit();
      const waiting = admit(request, reply, exchange);
      if (waiting) {
        waiting.then(() => {
          done();
        }, done);
      } else done();
    } catch (error) {
      done(error as Error);
    }
  };
}

/** Answers nothing when the request is let in at once, a promise when identity is asked first. */
function admitter(gateway: Gateway, route: Route) {
  const { verifier, limiter } = gateway;
  const within = allowing(gateway);

  function enter(request: FastifyRequest, reply: FastifyReply, exchange: Exchange, actor: Actor) {
    exchange.actor = actor;
    const kind = actor.kind === "connector" ? "connector" : "user";
    within(reply, limiter.count(kind, actor.channelId ?? actor.id)); // two keys, one connector
    authorise(route, actor, request.params as Record<string, string>);
  }

  /** Whoever brings a bad token again and again is stopped by address before identity is asked. */
  async function meet(authorization: string | undefined, reply: FastifyReply, address: string) {
    const left = limiter.left("address", address);
    if (left.remaining <= 0) within(reply, { ...left, remaining: -1 });
    try {
      return await verifier.verify(tokenOf(authorization));
    } catch (error) {
      if (isRefusal(error) && error.code === 401) within(reply, limiter.count("address", address));
      throw error;
    }
  }

  return (request: FastifyRequest, reply: FastifyReply, exchange: Exchange) => {
    const { authorization } = request.headers;
    if (route.contract.needs === "nobody") {
      within(reply, limiter.count("address", countedAddress(exchange.address)));
      return undefined;
    }
    const actor = known(verifier, authorization);
    if (!actor) {
      return meet(authorization, reply, countedAddress(exchange.address)).then((met) => {
        enter(request, reply, exchange, met);
      });
    }
    enter(request, reply, exchange, actor);
    return undefined;
  };
}

/** Tells the caller what is left, or that nothing is. */
function allowing({ settings: { limits } }: Gateway) {
  const policies: Record<CallerKind, string> = {
    user: policyOf("user", limits),
    connector: policyOf("connector", limits),
    address: policyOf("address", limits),
  };
  return (reply: FastifyReply, allowance: Allowance): void => {
    reply.header("ratelimit-policy", policies[allowance.kind]);
    reply.header("ratelimit", limitOf(allowance));
    if (allowance.remaining < 0) throw tooMany(allowance.resetSeconds);
  };
}

/** Who holds the token, where that needs no asking. */
const known = (verifier: Verifier, authorization: string | undefined): Actor | undefined =>
  authorization?.startsWith("Bearer ")
    ? verifier.known(authorization.slice("Bearer ".length))
    : undefined;
