/** Names for the shapes that contracts share, so that the API's description says each once. */
import * as audit from "#shared/contracts/audit.ts";
import * as campaigns from "#shared/contracts/campaigns.ts";
import * as cases from "#shared/contracts/cases.ts";
import * as channels from "#shared/contracts/channels.ts";
import * as common from "#shared/contracts/common.ts";
import * as customers from "#shared/contracts/customers/customer.ts";
import * as merging from "#shared/contracts/customers/merge.ts";
import * as files from "#shared/contracts/files.ts";
import * as identity from "#shared/contracts/identity.ts";
import * as imports from "#shared/contracts/imports/import.ts";
import * as interactions from "#shared/contracts/interactions.ts";
import * as notifications from "#shared/contracts/notifications.ts";
import type { Shape } from "#shared/fields.ts";
import { schemaOfShape, type JsonSchema, type Rendering } from "#shared/json-schema.ts";

const modules = [
  audit,
  campaigns,
  cases,
  channels,
  common,
  customers,
  files,
  identity,
  imports,
  interactions,
  merging,
  notifications,
];

/** Shapes are exported in capitals: Case, StoredFile, InboundMessage. */
const shapeNames = new Map<Shape, string>(
  modules.flatMap((one) =>
    Object.entries(one as Record<string, unknown>).flatMap(([name, value]): [Shape, string][] =>
      /^[A-Z]/.test(name) && typeof value === "object" ? [[value as Shape, name]] : [],
    ),
  ),
);

/** Refers to a shape in one direction of traffic. */
export type Refer = (of: Rendering["of"]) => NonNullable<Rendering["refer"]>;

/** Collects the shapes that are referred to, for `components.schemas`. */
export function naming() {
  const collected: Record<string, JsonSchema> = {};
  const refer: Refer = (of) => (shape) => {
    const known = shapeNames.get(shape);
    if (known === undefined) return undefined;
    const name = of === "answer" || /^(New|Inbound)/.test(known) ? known : `${known}Input`;
    if (!collected[name]) {
      collected[name] = {}; // for a shape that leads back to itself
      collected[name] = schemaOfShape(shape, { of, refer: refer(of) });
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  const schemas = () =>
    Object.fromEntries(Object.entries(collected).sort(([one], [other]) => (one < other ? -1 : 1)));
  return { refer, schemas };
}
