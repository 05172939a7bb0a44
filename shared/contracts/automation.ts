/** Automation: business rules, what they did, and the webhooks that they call (G10-G12, F118, F119). */
import { contract } from "../contract.ts";
import { id, list } from "../fields.ts";
import { executionActions, executionEvents } from "./automation/executions.ts";
import { BusinessRule, mostRules, ruleActions, ruleEvents } from "./automation/rules.ts";
import { Delivery, Webhook, webhookActions, webhookEvents } from "./automation/webhooks.ts";
import { announcerActions } from "./privacy.ts";

export const automation = contract({
  actions: { ...ruleActions, ...executionActions, ...webhookActions, ...announcerActions },
  events: { ...ruleEvents, ...executionEvents, ...webhookEvents },
  aggregates: {
    businessRule: BusinessRule,
    ruleOrder: { order: list(id, mostRules) },
    ruleExecution: {},
    webhook: Webhook,
    webhookDelivery: { state: Delivery.state },
  },
});
