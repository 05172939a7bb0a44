/** The demo of a first run: a campaign, its channels and people, made through the public API. */
import { setTimeout as pause } from "node:timers/promises";
import type { FirstRun } from "./first-run.ts";
import { Problem } from "./local/problem.ts";

interface Made {
  id: string;
  key?: string;
}

type Post = (path: string, step: string, body: object) => Promise<Made>;

/** What the demo's agents fill in, and what they say. */
const form = {
  name: "Demo form",
  fields: [
    {
      key: "result",
      label: "Result",
      type: "singleChoice",
      options: ["Solved", "Call again", "Not reached"],
    },
    { key: "observations", label: "Observations", type: "longText" },
    { key: "nextActionDate", label: "Next management date", type: "date" },
    { key: "nextActionTime", label: "Next management time", type: "time" },
  ],
};
const script =
  "<p>Good day, {{customer.name}}, this is {{user.name}} of {{campaign.name}}.</p>" +
  "<p>You wrote to us about <b>{{case.subject}}</b> (case {{case.number}}).</p>";

const attempts = 20;
const pauseMs = 500;

/**
 * Makes what is missing and hands `keep` all that is known after each step. May be interrupted and
 * called again: what was made is known by `known` or, if the interruption came between the two, by
 * the Idempotency-Key, which is the same at each run of an installation.
 * Throws a Problem when the API refuses.
 */
export async function seed(
  base: string,
  known: FirstRun,
  keep: (known: FirstRun) => void,
): Promise<FirstRun> {
  if (known.seeded) return known;
  let now = known;
  const learn = (news: Partial<FirstRun>) => {
    now = { ...now, ...news };
    keep(now);
    return now;
  };
  const token = await signIn(base, now.adminEmail, now.adminPassword);
  const send = (method: string, path: string, step: string, body: object) =>
    call(`${base}/api/v1${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        "idempotency-key": `first-run-${now.installationId}-${step}`,
      },
      body: JSON.stringify(body),
    });
  const post: Post = async (path, step, body) => (await send("POST", path, step, body)) as Made;
  const people = await makePeople(now, learn, post);
  const { campaignId, channelIds } = await makeCampaign(people, learn, post);
  const campaign = `/campaigns/${campaignId}`;
  await send("PUT", `${campaign}/agents`, "agents", [{ userId: people.agentId, channelIds }]);
  await send("PUT", `${campaign}/supervisors`, "supervisors", [people.supervisorId]);
  await send("PUT", `${campaign}/script`, "script", { html: script });
  return learn({ seeded: true });
}

type Learn = (news: Partial<FirstRun>) => FirstRun;
type People = FirstRun & { agentId: string; supervisorId: string };

async function makePeople(now: FirstRun, learn: Learn, post: Post): Promise<People> {
  const make = async (role: "agent" | "supervisor", name: string) => {
    const [email, password] = [now[`${role}Email`], now[`${role}Password`]];
    return (await post("/users", role, { email, name, role, password })).id;
  };
  const agentId = now.agentId ?? (await make("agent", "Demo agent"));
  learn({ agentId });
  const supervisorId = now.supervisorId ?? (await make("supervisor", "Demo supervisor"));
  return { ...learn({ supervisorId }), agentId, supervisorId };
}

async function makeCampaign(now: FirstRun, learn: Learn, post: Post) {
  const make = async (path: string, step: string, body: object) =>
    (await post(path, step, body)).id;
  const makeConfigured = async () => {
    const activityFormId = await make("/activity-forms", "form", form);
    const configured = { activityFormId, mainField: "result" };
    return make("/campaigns", "campaign", { name: "Demo campaign", ...configured });
  };
  const campaignId = now.campaignId ?? (await makeConfigured());
  learn({ campaignId });
  const inbox = { name: "Demo inbox", type: "custom", direction: "both", campaignId };
  const channelId = now.channelId ?? (await make("/channels", "inbox", inbox));
  learn({ channelId });
  const mail = { name: "Demo e-mail", type: "email", direction: "outbound", campaignId };
  const address = { address: "support@example.com" };
  const emailChannelId =
    now.emailChannelId ?? (await make("/channels", "e-mail", { ...mail, ...address }));
  learn({ emailChannelId });
  learn({ channelKey: now.channelKey ?? (await makeKey(channelId, post)) });
  return { campaignId, channelIds: [channelId, emailChannelId] };
}

/** A key is shown once; if that was to a run that was interrupted, it takes another one. */
async function makeKey(channelId: string, post: Post): Promise<string> {
  const path = `/channels/${channelId}/keys`;
  const { key } = await post(path, "key", {});
  const shown = key ?? (await post(path, "second-key", {})).key;
  if (!shown) throw new Problem("The channel's key was not shown.");
  return shown;
}

async function signIn(base: string, email: string, password: string): Promise<string> {
  const answer = await call(`${base}/api/v1/auth/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  return (answer as { accessToken: string }).accessToken;
}

/** Tries again while the services are busy or still starting; every call here may be repeated. */
async function call(address: string, request: RequestInit): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(address, request);
    const body = (await answer.json()) as { detail?: string; title?: string };
    if (answer.ok) return body;
    if ((answer.status === 503 || answer.status === 429) && attempt < attempts) {
      await pause(pauseMs);
      continue;
    }
    const said = body.detail ?? body.title ?? "";
    const { pathname } = new URL(address);
    throw new Problem(`${pathname} answered ${String(answer.status)}: ${said}`);
  }
}
