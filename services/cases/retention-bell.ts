/** Tells the runner of this process, if it is the one at work, that there is a run (B08). */
import { bells } from "#shared/events/bell.ts";

export const news = bells();
export const wakeRetention = news.ring;
