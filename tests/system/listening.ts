/** A listener to server-sent events: what it hears, event by event, until either side ends it. */

export interface Heard {
  name: string;
  id: string | undefined;
  data: Record<string, unknown>;
}

export interface Listener {
  status: number;
  /** The events so far. */
  heard: Heard[];
  isOver: () => boolean;
  stop: () => void;
}

/** Listens to a path below the API's base. */
export async function listen(
  port: number,
  path: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Listener> {
  const giveUp = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${String(port)}/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: giveUp.signal,
  });
  const heard: Heard[] = [];
  let isOver = false;
  const body = answer.body ?? new ReadableStream<Uint8Array>();
  void gather(body, heard)
    .catch(() => undefined)
    .finally(() => (isOver = true));
  const stop = () => {
    giveUp.abort();
  };
  return { status: answer.status, heard, isOver: () => isOver, stop };
}

async function gather(body: ReadableStream<Uint8Array>, heard: Heard[]): Promise<void> {
  let rest = "";
  for await (const part of body.pipeThrough(new TextDecoderStream() as never)) {
    const blocks = (rest + String(part)).split("\n\n");
    rest = blocks.pop() ?? "";
    heard.push(...blocks.flatMap(eventIn));
  }
}

/** Comments and settings are no events. */
function eventIn(block: string): Heard[] {
  const fields = new Map(
    block.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^[^:]*: ?/, "")]),
  );
  const name = fields.get("event");
  if (name === undefined) return [];
  const data = JSON.parse(fields.get("data") ?? "{}") as Heard["data"];
  return [{ name, id: fields.get("id"), data }];
}
