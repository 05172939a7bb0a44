/** Asking other systems: what is learned, what is refused on the way, and that all of it is bounded (F203). */
import { afterAll, expect, test } from "@jest/globals";
import { askForJson, tellPublicly } from "./public-requests.ts";
import { json, startAnotherSystem, type Answering } from "./testing/another-system.ts";

const system = await startAnotherSystem();
afterAll(() => system.stop());

const inside = [system.host];
const ask = (address: string, more: object = {}) => askForJson(address, { inside, ...more });
const failing = (reason: string) => ({ reason });
const to =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

const redirecting =
  (location: string): Answering =>
  (_request, response) => {
    response.writeHead(302, { location }).end();
  };

test("F203: what another system answers is read, also where it sends on", async () => {
  system.answer((request, response) => {
    if (request.url === "/old") response.writeHead(307, { location: "/new?a=1" }).end();
    else json({ plan: "gold" })(request, response);
  });

  expect(await ask(`${system.url}/old`)).toEqual({ plan: "gold" });
  expect(system.asked).toEqual(["/old", "/new?a=1"]);
});

test.each([
  "http://example.com/",
  "https://10.0.0.1/",
  "https://2130706433/",
  "https://[::ffff:127.0.0.1]/",
  "https://localhost/",
  "https://ada:secret@example.com/",
])("F203: %s is never asked", async (address) => {
  await expect(ask(address)).rejects.toMatchObject(failing("notPublic"));
});

test.each([
  ["this machine", ["127.0.0.1"]],
  ["a public and a private address", ["93.184.216.34", "10.0.0.1"]],
  ["the cloud's own data", ["169.254.169.254"]],
  ["a mapped address", ["::ffff:192.168.0.1"]],
])("F203: a name that leads to %s is not connected to", async (_what, addresses) => {
  system.answer(json({}));
  const address = `https://crm.example.com:${String(system.port)}/`;

  const asked = ask(address, { resolve: to(...addresses) });

  await expect(asked).rejects.toMatchObject(failing("notPublic"));
  expect(system.asked).toEqual([]);
});

test("F203: a redirect leads inside no more than an address does", async () => {
  const outside = `https://crm.example.com:${String(system.port)}/`;
  for (const location of ["https://127.0.0.1/", "http://example.com/", "//10.1.1.1/", outside]) {
    system.answer(redirecting(location));

    const asked = ask(`${system.url}/`, { resolve: to("127.0.0.1") });

    await expect(asked).rejects.toMatchObject(failing("notPublic"));
    expect(system.asked).toEqual(["/"]);
  }
});

test("F203: who sends round and round is left", async () => {
  system.answer(redirecting("/again"));

  await expect(ask(`${system.url}/`)).rejects.toMatchObject(failing("redirects"));
  expect(system.asked).toHaveLength(4);
});

test("F203: answers that are refusals, no JSON, or too large teach nothing", async () => {
  system.answer(json({ secret: 1 }, 404));
  await expect(ask(system.url)).rejects.toMatchObject(failing("refused"));
  system.answer((_request, response) => response.end("<html>"));
  await expect(ask(system.url)).rejects.toMatchObject(failing("notJson"));
  system.answer((_request, response) => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  });
  await expect(ask(system.url)).rejects.toMatchObject(failing("tooLarge"));
});

test("F203: a system that does not answer, or only drop by drop, is given up", async () => {
  system.answer(() => undefined);
  await expect(ask(system.url, { withinMs: 200 })).rejects.toMatchObject(failing("slow"));
  system.answer((_request, response) => {
    const drops = setInterval(() => response.write(" "), 20);
    response.on("close", () => {
      clearInterval(drops);
    });
  });
  await expect(ask(system.url, { withinMs: 300 })).rejects.toMatchObject(failing("slow"));
});

test("F203: a system that is not there, leads nowhere or is not who it says cannot be asked", async () => {
  const nowhere = { resolve: () => Promise.reject(new Error("ENOTFOUND")) };
  await expect(ask("https://crm.example.com/", nowhere)).rejects.toMatchObject(
    failing("unreachable"),
  );
  const unnamed = `127.0.0.1:${String(system.port)}`;
  const asked = askForJson(`https://${unnamed}/`, { inside: [unnamed] });
  await expect(asked).rejects.toMatchObject(failing("unreachable"));
});

const tell = (address: string, more: object = {}) =>
  tellPublicly(address, { body: "{}", headers: { "x-a": "b" } }, { inside, ...more });

test("G12: another system is told something, and what it answers is its status", async () => {
  const heard: unknown[] = [];
  system.answer((request, response) => {
    heard.push([request.method, request.url, request.headers["x-a"]]);
    response.writeHead(202).end();
  });

  expect(await tell(`${system.url}/hook`)).toBe(202);
  expect(heard).toEqual([["POST", "/hook", "b"]]);
});

test("G12: who is told sends nobody elsewhere, and is public wherever the name leads", async () => {
  system.answer(redirecting("https://10.0.0.1/"));

  expect(await tell(`${system.url}/hook`)).toBe(302);
  expect(system.asked).toEqual(["/hook"]);
  for (const address of ["https://10.0.0.1/", "https://0x7f000001/", "http://example.com/"]) {
    await expect(tell(address)).rejects.toMatchObject(failing("notPublic"));
  }
  const inward = tell("https://crm.example.com/", { resolve: to("127.0.0.1") });
  await expect(inward).rejects.toMatchObject(failing("notPublic"));
});

test("G12: who does not answer in time is not waited for", async () => {
  system.answer(() => undefined);

  await expect(tell(system.url, { withinMs: 50 })).rejects.toMatchObject(failing("slow"));
});
