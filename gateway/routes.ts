/** The public routes as the contracts promise them, with everything prepared that can be. */
import type { ActionName } from "#shared/bus.ts";
import type { Action, Contract, Door as DoorContract, Method } from "#shared/contract.ts";
import { contracts } from "#shared/contracts/index.ts";
import type { Shape } from "#shared/fields.ts";
import { outsideChecker } from "#shared/validation.ts";
import type { Door, DoorName } from "./door.ts";
import { doors } from "./doors/index.ts";

export const base = "/api/v1";
const ordinaryBodyLimit = 256 * 1024;

type Published = Extract<Action, { rest: string }> | DoorContract;

export interface Route {
  /** The action, or the door, that answers. */
  readonly name: ActionName | DoorName;
  readonly method: Method;
  /** The whole path with `:name` for parameters. */
  readonly path: string;
  readonly contract: Published;
  readonly door: Door | undefined;
  readonly pathNames: readonly string[];
  /** What path, query and body may say together; the version comes from `If-Match`. */
  readonly shape: Shape;
  /** Checks and prepares what was sent; throws 422 naming each fault. */
  readonly check: (sent: object) => Record<string, unknown>;
  readonly bodyLimit: number;
  /** The media type of the body. */
  readonly consumes: string;
  /** The status of an answer; doors may set their own. */
  readonly statusOf: (answer: unknown) => number;
  /** Whether what POST makes is found under `<path>/<id>`. */
  readonly makesFindable: boolean;
  /** The parameter that names a channel, which a connector may not choose freely. */
  readonly channelParam: string | undefined;
}

/** Whether a request to it says in its query what it says, and not in its body. */
export const readsQuery = ({ method, contract }: Pick<Route, "method" | "contract">): boolean =>
  method === "GET" || method === "DELETE" || contract.streamed === true;

/** Every route of the product: published actions and doors. */
export function routesOf(all: Readonly<Record<string, Contract>> = contracts): Route[] {
  const published = Object.entries(all).flatMap(([service, { actions, doors: more = {} }]) => [
    ...Object.entries(actions).flatMap(([name, action]) =>
      isPublished(action) ? [{ name: `${service}.${name}`, contract: action }] : [],
    ),
    ...Object.entries(more).map(([name, door]) => ({
      name: `${service}.${name}`,
      contract: door,
    })),
  ]);
  const known = new Set(published.map(({ contract }) => shapeless(contract.rest)));
  return published.map((one) => routeOf(one, known));
}

const isPublished = (action: Action): action is Extract<Action, { rest: string }> =>
  action.rest !== undefined;

interface Named {
  name: string;
  contract: Published;
}

function routeOf({ name, contract }: Named, known: ReadonlySet<string>): Route {
  const { bodyLimit = ordinaryBodyLimit, consumes = "application/json" } = contract;
  const [method = "", path = ""] = contract.rest.split(" ");
  const shape = shapeOf(contract);
  return {
    name: name as Route["name"],
    method: method as Method,
    path: base + path,
    contract,
    door: doors[name as DoorName],
    pathNames: [...path.matchAll(/:(\w+)/g)].map(([, param]) => String(param)),
    shape,
    check: outsideChecker(shape),
    bodyLimit,
    consumes,
    statusOf: statusOf(contract, method),
    makesFindable: method === "POST" && known.has(shapeless(`GET ${path}/:id`)),
    channelParam: /^\/channels\/:(\w+)/.exec(path)?.[1],
  };
}

const shapeless = (rest: string): string => rest.replace(/:\w+/g, ":");

/** What is sent apart from the version, which `If-Match` brings. */
function shapeOf(contract: Published): Shape {
  const shape = contract.accepts ?? ("params" in contract ? contract.params : undefined) ?? {};
  if (!contract.guarded) return shape;
  const { version: _fromIfMatch, ...rest } = shape;
  return rest;
}

function statusOf(contract: Published, method: string): Route["statusOf"] {
  if (contract.statusOf) return contract.statusOf as Route["statusOf"];
  const status = contract.status ?? (!contract.returns ? 204 : method === "POST" ? 201 : 200);
  return () => status;
}
