/** Listens to a stream of server-sent events, as a page does. */
import { onTestFinished } from "#shared/testing/finished.ts";

interface Told {
  name: string;
  id?: string;
  data: unknown;
}

/** What was heard so far, and how to stop. */
export interface Heard {
  status: number;
  headers: Headers;
  events: Told[];
  /** All that came, signs of life, too. */
  text: string;
  isOver: boolean;
  close: () => void;
}

/** Opens a stream under the API's base; it is closed after the test. */
export async function listenTo(port: number, path: string, token?: string): Promise<Heard> {
  const hangUp = new AbortController();
  onTestFinished(() => {
    hangUp.abort();
  });
  const answer = await fetch(`http://127.0.0.1:${String(port)}/api/v1${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: hangUp.signal,
  });
  const heard: Heard = {
    status: answer.status,
    headers: answer.headers,
    events: [],
    text: "",
    isOver: false,
    close: () => {
      hangUp.abort();
    },
  };
  void listen(answer, heard).catch(() => (heard.isOver = true));
  return heard;
}

async function listen({ body }: Response, heard: Heard): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    heard.text += decoder.decode(chunk, { stream: true });
    const whole = heard.text.split("\n\n").slice(0, -1);
    heard.events = whole.flatMap(eventIn);
  }
  heard.isOver = true;
}

function eventIn(text: string): Told[] {
  const fields = new Map(
    text.split("\n").map((line) => {
      const [name = "", ...value] = line.split(": ");
      return [name, value.join(": ")] as const;
    }),
  );
  const [name, id, data] = [fields.get("event"), fields.get("id"), fields.get("data")];
  if (name === undefined) return [];
  return [
    { name, ...(id === undefined ? {} : { id }), data: JSON.parse(data ?? "null") as unknown },
  ];
}
