/** Who may do what: every permission that a contract can ask for, and the roles that hold it. */

export const roles = ["administrator", "supervisor", "agent"] as const;
type Role = (typeof roles)[number];

/** A connector is no user: it holds its channel's key. */
export type Holder = Role | "connector";

const everybody = ["administrator", "supervisor", "agent"] as const;
const supervisors = ["administrator", "supervisor"] as const;
const administrators = ["administrator"] as const;

/** The access matrix. Records-level rules (own campaign, own case) come on top, in the services. */
export const access = {
  "agents.configure": administrators,
  "agents.watch": supervisors,
  "audit.read": administrators,
  "campaigns.configure": administrators,
  "campaigns.read": everybody,
  "cases.change": everybody,
  "cases.close": everybody,
  "cases.create": everybody,
  "cases.note": everybody,
  "cases.merge": everybody,
  "cases.read": everybody,
  "cases.take": ["agent"],
  "cases.transfer": everybody,
  "channels.configure": administrators,
  "channels.deliver": ["connector"],
  "channels.read": everybody,
  "channels.receive": ["connector"],
  "customers.block": supervisors,
  "customers.privacy": administrators,
  "customers.configure": administrators,
  "customers.merge": everybody,
  "customers.own": everybody,
  "customers.export": supervisors,
  "customers.read": everybody,
  "customers.write": everybody,
  "files.delete": everybody,
  "files.read": everybody,
  "files.upload": everybody,
  "imports.run": supervisors,
  "interactions.read": ["administrator", "supervisor", "agent", "connector"],
  "interactions.send": everybody,
  "operations.manage": administrators,
  "queues.read": supervisors,
  "retention.manage": administrators,
  "rules.configure": administrators,
  "templates.configure": administrators,
  "templates.read": everybody,
  "users.manage": administrators,
  "users.read": everybody,
} as const satisfies Record<string, readonly Holder[]>;

export type Permission = keyof typeof access;

/** The permissions that a role, or a connector, holds. */
export const permissionsOf = (holder: Holder): Permission[] =>
  (Object.keys(access) as Permission[]).filter((permission) =>
    (access[permission] as readonly Holder[]).includes(holder),
  );
