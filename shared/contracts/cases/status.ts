/** What cases are told apart by: their statuses (G01) in the order of a life, and priorities. */
import { list, oneOf, optional, type Field } from "../../fields.ts";

export const statuses = ["new", "open", "transferred", "escalated", "closed"] as const;
export type Status = (typeof statuses)[number];

export const status = oneOf<Status>(...statuses);

export const priority = oneOf("high", "medium", "low");

/** One value of a filter or several. */
export const many = <T>(one: Field<T>): Field<T[] | undefined> => optional(list(one, 50));
