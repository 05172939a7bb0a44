/** The doors by the name of the route that they answer. */
import type { Door, DoorName } from "../door.ts";

export const doors: Partial<Record<DoorName, Door>> = {};
