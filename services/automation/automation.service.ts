/** Automation: business rules, what they did, and the webhooks that they call (G10-G12). */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { runJobs, stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { businessRules } from "./business-rules.ts";
import { startDeliverer } from "./deliverer.ts";
import { ruleLog } from "./executions.ts";
import { startRunner } from "./runner.ts";
import { startScheduler } from "./scheduler.ts";
import { triggers } from "./triggers.ts";
import { webhooks } from "./webhooks.ts";

export default implement("automation", {
  actions: {
    ...businessRules,
    ...ruleLog,
    ...webhooks,
    ...announcer("automation"),
  },

  eventsRepeatable: triggers,

  started() {
    const broker = this.broker as unknown as Broker;
    runJobs(
      this,
      startRunner(broker, this.logger),
      startScheduler(broker, this.logger),
      startDeliverer(this.logger),
    );
  },

  stopped() {
    return stopJobs(this);
  },
});
