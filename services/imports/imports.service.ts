/** Imports: customers, accounts and cases out of a workbook, tried before they are done (A26). */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { runJobs, stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { holdings } from "./holdings.ts";
import { imports } from "./imports.ts";
import { startImports } from "./runner.ts";
import { upload } from "./uploading.ts";

export default implement("imports", {
  actions: {
    ...announcer("imports"),
    ...holdings,
    ...imports,

    upload,
  },

  started() {
    runJobs(this, startImports(this.broker as unknown as Broker, this.logger));
  },

  stopped() {
    return stopJobs(this);
  },
});
