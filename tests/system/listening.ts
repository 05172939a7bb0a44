/** A listener to server-sent events: what it hears, event by event, until either side ends it. */
import { get, type IncomingMessage } from "node:http";

interface Heard {
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
export function listen(
  port: number,
  path: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const asked = get(
      {
        ...{ host: "127.0.0.1", port, path: `/api/v1${path}`, agent: false },
        headers: { authorization: `Bearer ${token}`, ...headers },
      },
      (answer) => {
        const { heard, isOver } = hear(answer);
        const stop = () => void asked.destroy();
        resolve({ status: answer.statusCode ?? 0, heard, isOver, stop });
      },
    );
    asked.on("error", reject); // after the answer it is nobody's any more
  });
}

function hear(answer: IncomingMessage): Pick<Listener, "heard" | "isOver"> {
  const heard: Heard[] = [];
  let rest = "";
  answer.setEncoding("utf8");
  answer.on("data", (part: string) => {
    const blocks = (rest + part).split("\n\n");
    rest = blocks.pop() ?? "";
    heard.push(...blocks.flatMap(eventIn));
  });
  answer.on("error", () => undefined);
  return { heard, isOver: () => answer.closed };
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
