/** The doors by the name of the route that they answer. */
import type { Door, DoorName } from "../door.ts";
import { readAgendaFeed } from "./agenda-feed.ts";
import { exportCustomers } from "./customers-export.ts";
import { importTemplate, rejectsWorkbook } from "./import-workbooks.ts";
import { createImport } from "./imports.ts";
import { download, downloadOutboundFile } from "./download.ts";
import { streamNotifications } from "./notifications.ts";
import { oidcCallback, oidcStart } from "./oidc.ts";
import { exportPersonalData } from "./personal-data.ts";
import { streamPresence } from "./presence-stream.ts";
import { receiveRaw } from "./raw.ts";
import { receive, receiveBatch } from "./receive.ts";
import { upload } from "./upload.ts";

export const doors: Record<DoorName, Door> = {
  "cases.readAgendaFeed": readAgendaFeed,
  "cases.streamPresence": streamPresence,
  "channels.downloadOutboundFile": downloadOutboundFile,
  "channels.receive": receive,
  "channels.receiveBatch": receiveBatch,
  "channels.receiveRaw": receiveRaw,
  "customers.exportPersonalData": exportPersonalData,
  "customers.export": exportCustomers,
  "files.download": download,
  "files.upload": upload,
  "imports.create": createImport,
  "imports.rejectsWorkbook": rejectsWorkbook,
  "imports.template": importTemplate,
  "notifications.stream": streamNotifications,
  "identity.oidcStart": oidcStart,
  "identity.oidcCallback": oidcCallback,
};
