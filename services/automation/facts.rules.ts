/** What is known of a case when its rules are judged, column by column (G11). Pure. */
import { DateTime } from "luxon";
import type { Case } from "#shared/contracts/cases.ts";
import type { Activity } from "#shared/contracts/cases/activities.ts";
import type { Account } from "#shared/contracts/customers/accounts.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { fold } from "#shared/folding.rules.ts";

/** When a case last came into each status, and was last worked on; by which rule, if by one. */
export interface Timeline {
  openedAt?: Moment;
  transferredAt?: Moment;
  escalatedAt?: Moment;
  lastActivityAt?: Moment;
}

export interface Moment {
  at: Date;
  ruleId?: string;
}

/** What the case itself tells of it. */
type Told = Partial<Case> & Pick<Case, "id" | "createdAt">;

export interface Facts {
  now: Date;
  kase: Told;
  timeline: Timeline;
  customer?: Customer | undefined;
  account?: Account | undefined;
  activity?: Activity | undefined;
  channelType?: string | undefined;
  timeZone?: string | undefined;
}

/** What a column holds; undefined where it is empty or not known. */
export type Fact = string | number | Date | string[] | undefined;

const hourMs = 3_600_000;

/** Since when each timer runs. */
const timers: Readonly<
  Record<string, (facts: Pick<Facts, "kase" | "timeline">) => Moment | undefined>
> = {
  "hours.sinceCreated": ({ kase }) => ({ at: kase.createdAt }),
  "hours.sinceOpened": ({ timeline }) => timeline.openedAt,
  "hours.sinceTransferred": ({ timeline }) => timeline.transferredAt,
  "hours.sinceEscalated": ({ timeline }) => timeline.escalatedAt,
  "hours.sinceLastActivity": ({ timeline }) => timeline.lastActivityAt,
  "hours.sinceLastInteraction": ({ kase }) =>
    kase.lastInteraction && { at: kase.lastInteraction.at },
  "hours.sinceLastCustomerInteraction": ({ kase }) =>
    kase.lastCustomerUpdateAt && { at: kase.lastCustomerUpdateAt },
};

export const isTimer = (column: string): boolean => Object.hasOwn(timers, column);

/** Since when a timer runs for a case; undefined where it does not. */
export const beginOf = (
  column: string,
  facts: Pick<Facts, "kase" | "timeline">,
): Moment | undefined => (isTimer(column) ? timers[column]?.(facts) : undefined);

const readers: Readonly<Record<string, (facts: Facts) => Fact>> = {
  "case.type": ({ kase }) => kase.caseTypeId,
  "case.description": ({ kase }) => kase.description,
  "case.subject": ({ kase }) => kase.subject,
  "case.status": ({ kase }) => kase.status,
  "case.priority": ({ kase }) => kase.priority,
  "case.campaign": ({ kase }) => kase.campaignId,
  "case.assignee": ({ kase }) => kase.assigneeId,
  "case.channel": ({ kase }) => kase.channelId,
  "case.channelType": ({ channelType }) => channelType,
  "case.disposition": ({ kase }) => kase.disposition,
  "case.nextActionAt": ({ kase }) => kase.nextActionAt,
  "case.createdAt": ({ kase }) => kase.createdAt,
  "case.updatedAt": ({ kase }) => kase.updatedAt,
  "interaction.direction": ({ kase }) => kase.lastInteraction?.direction,
  "interaction.channel": ({ kase }) => kase.lastInteraction?.channelId,
  "customer.documentType": ({ customer }) => customer?.documentType ?? undefined,
  "customer.documentNumber": ({ customer }) => customer?.documentNumber ?? undefined,
  "customer.name": ({ customer }) => customer?.displayName,
  "customer.gender": ({ customer }) => customer?.gender ?? undefined,
  "customer.birthDate": ({ customer }) => customer?.birthDate ?? undefined,
  "customer.tags": ({ customer }) => customer?.tags,
  "account.number": ({ account }) => account?.number,
  "activity.observations": ({ activity }) => answerOf(activity, "observations"),
  "activity.nextActionAt": ({ activity }) => activity?.nextActionAt,
  "time.ofDay": (facts) => localTime(facts).toFormat("HH:mm"),
  "time.dayOfWeek": (facts) => localTime(facts).setLocale("en").toFormat("cccc").toLowerCase(),
};

/** What a column holds for a case. */
export function valueOf(column: string, facts: Facts): Fact {
  if (isTimer(column)) {
    const begun = beginOf(column, facts);
    return begun && (facts.now.getTime() - begun.at.getTime()) / hourMs;
  }
  if (Object.hasOwn(readers, column)) return readers[column]?.(facts);
  const [owner = "", , ...name] = column.split(".");
  return owner === "activity"
    ? answerOf(facts.activity, name.join("."))
    : extraOf(facts.account, name.join("."));
}

const localTime = ({ now, timeZone = "UTC" }: Facts): DateTime =>
  DateTime.fromJSDate(now, { zone: timeZone });

function answerOf(activity: Activity | undefined, key: string): Fact {
  const answer = activity?.answers?.[key];
  return typeof answer === "boolean" ? String(answer) : answer;
}

const extraOf = (account: Account | undefined, name: string): Fact =>
  account?.extraFields.find((field) => fold(field.name) === fold(name))?.value;
