/** The statuses of a case (G01), in the order of its life. */
import { oneOf } from "../../fields.ts";

export const statuses = ["new", "open", "transferred", "escalated", "closed"] as const;
export type Status = (typeof statuses)[number];

export const status = oneOf<Status>(...statuses);
