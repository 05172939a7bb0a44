/** Business rules as they are made, changed and put in order (G10). Pure. */
import type { BusinessRule, RuleDraft } from "#shared/contracts/automation/rules.ts";
import { invalid, invalidField } from "#shared/errors.ts";
import { faultsOf } from "./faults.rules.ts";

export interface Made {
  at: Date;
  by: string;
}

/** A rule as it is kept: since when it acts, on what happens from then on. */
export interface ActiveRule extends BusinessRule {
  activeSince: Date;
}

/** @throws 422 VALIDATION_ERROR naming all that is wrong */
export function requireSound(draft: RuleDraft): void {
  const faults = faultsOf(draft);
  if (faults.length > 0) throw invalid(faults);
}

export const create = (draft: RuleDraft, id: string, { at, by }: Made): ActiveRule => ({
  id,
  ...draft,
  version: 1,
  createdAt: at,
  createdBy: by,
  updatedAt: at,
  updatedBy: by,
  activeSince: at,
});

export type Patch = { [K in keyof RuleDraft]?: RuleDraft[K] | undefined };

/** A rule that is enabled again, or acts on something else, does not reach back. */
export function change(current: ActiveRule, patch: Patch, { at, by }: Made): ActiveRule {
  const said = Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as Partial<RuleDraft>;
  const after = { ...current, ...said };
  const begins = (after.enabled && !current.enabled) || after.trigger !== current.trigger;
  return {
    ...after,
    ...(begins ? { activeSince: at } : {}),
    version: current.version + 1,
    updatedAt: at,
    updatedBy: by,
  };
}

/** A copy acts only once somebody has looked at it. */
export function duplicate(rule: ActiveRule, id: string, name: string, made: Made): ActiveRule {
  const { id: _id, version: _version, createdAt: _at, createdBy: _by, ...draft } = rule;
  return create({ ...draft, name, enabled: false }, id, made);
}

/** @throws 422 VALIDATION_ERROR at `items` unless it holds each rule once */
export function requireWhole(ids: readonly string[], wanted: readonly string[]): void {
  const isWhole =
    wanted.length === ids.length &&
    new Set(wanted).size === ids.length &&
    wanted.every((id) => ids.includes(id));
  if (!isWhole) throw invalidField("items", "must hold the id of each rule once", "incomplete");
}

/** What the world must have: the ids that a rule names, with where they stand. */
export interface Named {
  path: string;
  id: string;
}

export const namesOf = ({ campaignIds, actions }: RuleDraft) => {
  const at = (place: number, part: string) => `actions[${String(place)}].${part}`;
  const of = (part: "campaignId" | "assigneeId" | "webhookId"): Named[] =>
    actions.flatMap(({ [part]: id }, place) => (id ? [{ path: at(place, part), id }] : []));
  return {
    campaigns: [
      ...campaignIds.map((id, place) => ({ path: `campaignIds[${String(place)}]`, id })),
      ...of("campaignId"),
    ],
    users: [
      ...of("assigneeId"),
      ...actions.flatMap(({ userIds = [] }, place) =>
        userIds.map((id, which) => ({ path: `${at(place, "userIds")}[${String(which)}]`, id })),
      ),
    ],
    webhooks: of("webhookId"),
  };
};

/** @throws 422 VALIDATION_ERROR naming each that is not there */
export function requireThere(named: readonly Named[], there: ReadonlySet<string>): void {
  const faults = named
    .filter(({ id }) => !there.has(id))
    .map(({ path }) => ({ path, message: "is not there", code: "unknown" }));
  if (faults.length > 0) throw invalid(faults);
}
