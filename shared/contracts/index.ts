/** Every service of the product, by its name on the bus. */
import { audit } from "./audit.ts";
import { automation } from "./automation.ts";
import { campaigns } from "./campaigns.ts";
import { cases } from "./cases.ts";
import { channels } from "./channels.ts";
import { customers } from "./customers.ts";
import { files } from "./files.ts";
import { identity } from "./identity.ts";
import { imports } from "./imports.ts";
import { interactions } from "./interactions.ts";
import { notifications } from "./notifications.ts";

export const contracts = {
  audit,
  automation,
  campaigns,
  cases,
  channels,
  customers,
  files,
  identity,
  imports,
  interactions,
  notifications,
};
