/** What the additional tabs of a campaign may be, and where they may lead (F202, F203). */
import type { Tab, TabDraft } from "#shared/contracts/campaigns/tabs.ts";
import type { FieldFault } from "#shared/errors.ts";
import { nameKey } from "#shared/names.rules.ts";
import { readPublicAddress } from "#shared/public-addresses.rules.ts";
import { variablesFault, withWords } from "#shared/variables.rules.ts";
import { fault, refuse, repeated } from "./faults.rules.ts";
import { fieldFaults } from "./forms.rules.ts";

type Part = "address" | "fields" | "findings";

/** What a tab of each kind is made of. */
const partsOf: Record<Tab["kind"], readonly Part[]> = {
  link: ["address"],
  embed: ["address"],
  form: ["fields"],
  integration: ["address", "findings"],
};
const parts = ["address", "fields", "findings"] as const;

/**
 * The tabs of a campaign; one with its id stays the same.
 * @param inside hosts that tabs may lead to although they are not public, as `host:port`
 * @throws 422 naming each title or id that is there twice, each part that is missing or not of its
 *   kind, and each address that may not be
 */
export function tabs(
  current: readonly Tab[],
  drafts: readonly TabDraft[],
  { newId, inside }: { newId: () => string; inside: readonly string[] },
) {
  refuse([
    ...repeated(drafts.map(({ title }) => nameKey(title))).map((place) =>
      fault(`items[${place}].title`, "is there twice", "duplicate"),
    ),
    ...repeated(drafts.map(({ id }, place) => id ?? `new ${place}`)).map((place) =>
      fault(`items[${place}].id`, "is there twice", "duplicate"),
    ),
    ...drafts.flatMap(({ id }, place) =>
      id === undefined || current.some((one) => one.id === id)
        ? []
        : [fault(`items[${place}].id`, "is not a tab of the campaign", "unknown")],
    ),
    ...drafts.flatMap((draft, place) => tabFaults(draft, `items[${place}]`, inside)),
  ]);
  return drafts.map((draft): Tab => ({ ...draft, id: draft.id ?? newId() }));
}

const tabFaults = (draft: TabDraft, path: string, inside: readonly string[]): FieldFault[] => [
  ...parts.flatMap((part) => partFaults(draft, part, `${path}.${part}`)),
  ...(draft.keepsValues && draft.kind !== "integration"
    ? [fault(`${path}.keepsValues`, "is of integrations only", "kind")]
    : []),
  ...(draft.address === undefined ? [] : addressFaults(draft.address, `${path}.address`, inside)),
  ...fieldFaults(draft.fields ?? [], `${path}.fields`),
  ...repeated((draft.findings ?? []).map(({ key }) => key.toLowerCase())).map((place) =>
    fault(`${path}.findings[${place}].key`, "is there twice", "duplicate"),
  ),
];

function partFaults(draft: TabDraft, part: Part, path: string): FieldFault[] {
  const needs = partsOf[draft.kind].includes(part);
  const has = draft[part] !== undefined;
  if (needs === has) return [];
  return needs
    ? [fault(path, `is required of the kind ${draft.kind}`, "required")]
    : [fault(path, `is not of the kind ${draft.kind}`, "kind")];
}

function addressFaults(address: string, path: string, inside: readonly string[]): FieldFault[] {
  const unknown = variablesFault(address);
  if (unknown) return [fault(path, unknown, "variable")];
  if (!isFixed(address)) {
    return [fault(path, "may have variables in path, query and fragment only", "variable")];
  }
  const read = readPublicAddress(withWords(address, "1"), inside);
  return "fault" in read ? [fault(path, read.fault, "address")] : [];
}

/** Whether an address leads to the same place whatever its variables are. */
const isFixed = (address: string): boolean => {
  const [one, other] = ["1", "a.b"].map((words) => withWords(address, words));
  return originOf(one) === originOf(other);
};

const originOf = (address = ""): string =>
  URL.canParse(address) ? new URL(address).origin : "nowhere";

/** The hosts that tabs lead to, but for those inside that are allowed, with the places of the tabs. */
export function hostsOf(
  checked: readonly Pick<Tab, "address">[],
  inside: readonly string[],
): Map<string, number[]> {
  const hosts = new Map<string, number[]>();
  for (const [place, { address }] of checked.entries()) {
    if (address === undefined) continue;
    const read = readPublicAddress(withWords(address, "1"), inside);
    if ("host" in read && !read.isInside)
      hosts.set(read.host, [...(hosts.get(read.host) ?? []), place]);
  }
  return hosts;
}

/** @throws 422 at the address of each tab whose host leads inside */
export const refuseInside = (places: readonly number[]): void => {
  refuse(
    places.map((place) =>
      fault(`items[${place}].address`, "must not lead to a private address", "address"),
    ),
  );
};
