/** What a newcomer reads before the ready line. */
import type { FirstRun } from "../first-run.ts";

/** Lines that say where everything is and how to post the first message. */
export function welcome(one: {
  base: string;
  dataDir: string;
  file: string;
  isNew: boolean;
  demo: FirstRun;
}): string[] {
  const { base, demo } = one;
  const lines = ["", `Data           ${one.dataDir}`, `API            ${base}/docs`];
  if (one.isNew) {
    lines.push(`Administrator  ${demo.adminEmail}  ${demo.adminPassword}`);
  }
  lines.push(`Credentials    ${one.file}`);
  if (demo.channelId && demo.channelKey) {
    lines.push("", "Post the first message:", "", ...firstMessage(base, demo));
  }
  return [...lines, ""];
}

const firstMessage = (base: string, { channelId = "", channelKey = "" }: FirstRun) => [
  `  curl -s ${base}/api/v1/channels/${channelId}/messages \\`,
  `    -H 'authorization: Bearer ${channelKey}' -H 'content-type: application/json' \\`,
  `    -d '{"externalId":"hello-1","from":{"type":"email","value":"ada@example.com","name":"Ada"},"text":"Hello"}'`,
];
