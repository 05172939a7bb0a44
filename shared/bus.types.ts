/** What the compiler must refuse. `npm run check` fails if it accepts any of these. */
import type { Broker, Payload } from "./bus.ts";
import { contract } from "./contract.ts";
import type { Tx } from "./mongo/write.ts";
import { implement } from "./service.ts";

declare const bus: Broker;
declare const byCustomers: Tx<"customers">;
declare const byChannels: Tx<"channels">;

// ── Asking ───────────────────────────────────────────────────────────────────

// @ts-expect-error no such action
void bus.call("cases.creat", { customerId: "1", description: "x" });
// @ts-expect-error a parameter is missing
void bus.call("cases.create", { customerId: "1" });
// @ts-expect-error parameters are required
void bus.call("cases.get");
// @ts-expect-error an unknown parameter
void bus.call("cases.get", { id: "1", nmae: "x" });
// @ts-expect-error a wrong type
void bus.call("cases.get", { id: 1 });
// @ts-expect-error a value that is not one of those there are
void bus.call("cases.list", { state: "asleep" });
// @ts-expect-error events go through the outbox, in the transaction of their change
void bus.emit("customers.changed", { id: "1" });

const found = await bus.call("cases.get", { id: "1" });
found.createdAt satisfies Date;
// @ts-expect-error the answer has no such field
found.openedAt satisfies Date;
// @ts-expect-error a field that may be absent has to be looked at
found.closedAt satisfies Date;

// ── Keeping a contract ───────────────────────────────────────────────────────

const changes = () => ({ items: [], nextCursor: null });
const values = () => ({ found: 0, changed: 0, nextCursor: null });
const letter = (id: string) => ({ id, event: "cases.created", service: "audit" });

implement("audit", {
  // @ts-expect-error promised actions are missing
  actions: { list: changes },
});

implement("audit", {
  actions: {
    list: changes,
    ofCase: changes,
    changesOf: changes,
    eraseValues: values,
    listDeadLetters: changes,
    replayDeadLetter: (ctx) => letter(ctx.params.id),
    // @ts-expect-error nobody promised this action
    forget: () => undefined,
  },
});

implement("audit", {
  actions: {
    list: changes,
    ofCase: changes,
    changesOf: changes,
    eraseValues: values,
    listDeadLetters: changes,
    // @ts-expect-error the answer is no dead letter
    replayDeadLetter: (ctx) => ({ id: ctx.params.id }),
  },
});

implement("audit", {
  actions: {
    list: changes,
    ofCase: changes,
    changesOf: changes,
    eraseValues: values,
    listDeadLetters: changes,
    // @ts-expect-error the request carries no such parameter
    replayDeadLetter: (ctx) => letter(ctx.params.number),
  },
  events: {
    // @ts-expect-error no such event
    "cases.vanished"() {},
  },
});

// @ts-expect-error interactions are told of by channels; nobody is a service of that name
implement("interactions", { actions: {} });

contract({
  actions: {
    // @ts-expect-error what is reached from outside says who may
    open: { rest: "GET /doors", says: "Opens." },
    // @ts-expect-error no such permission
    shut: { rest: "PUT /doors", says: "Shuts.", needs: "doors.shut" },
  },
  events: {},
});

// ── Announcing ───────────────────────────────────────────────────────────────

const aggregate = { kind: "customer", id: "1", version: 1 };

byCustomers.announce({ event: "customers.changed", aggregate, data: { id: "1" } });
// @ts-expect-error the payload lacks its id
byCustomers.announce({ event: "customers.changed", aggregate, data: {} });
// @ts-expect-error no such event
byCustomers.announce({ event: "customers.vanished", aggregate, data: { id: "1" } });
// @ts-expect-error customers cannot announce what belongs to campaigns
byCustomers.announce({ event: "campaigns.changed", aggregate, data: { id: "1" } });
byChannels.announce satisfies (one: {
  event: "interactions.received";
  aggregate: typeof aggregate;
  data: Payload<"interactions.received">;
}) => void;
