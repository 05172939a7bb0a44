/** Users, and what signing in answers. */
import {
  email,
  id,
  longText,
  oneOf,
  optional,
  record,
  secret,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { language, trail } from "../common.ts";

export const role = oneOf("administrator", "supervisor", "agent");
export const password = secret(200, 10);

/** Characters of a signature, as it comes and as it is kept. */
export const longestSignature = 10_000;

/** How the user likes the pages to be; each with what it is where the user has said nothing. */
export type Preferences = Received<typeof Preferences>;
export const Preferences = {
  /** Of the view of a case (F075). */
  viewColumns: withDefault(whole(2, 3), 3),
};

export type User = Received<typeof User>;
export const User = {
  id,
  email,
  name: text(120),
  role,
  disabled: yesNo,
  language,
  /** HTML, sanitised as messages are (F167). */
  signature: optional(longText(longestSignature)),
  currentCampaignId: optional(id),
  /** Missing where the user has chosen none; `GET /me` answers all of them. */
  preferences: optional(record(Preferences)),
  ...trail,
};

export type SignedIn = Received<typeof SignedIn>;
export const SignedIn = {
  accessToken: secret(4000),
  refreshToken: secret(400),
  /** Seconds that the access token is good for. */
  expiresIn: whole(1, 86_400),
  user: record(User),
};
