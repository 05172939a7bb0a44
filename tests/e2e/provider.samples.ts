/** A conformant provider of OpenID Connect on this machine, at which everybody is Ada at once. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration } from "oidc-provider";

export interface TestProvider {
  issuer: string;
  /** Signs in at the provider as a browser does, and answers where it is sent back to. */
  visit(address: string): Promise<URL>;
  stop(): Promise<void>;
}

interface Client {
  id: string;
  secret: string;
  redirectUrl: string;
  /** Whose e-mail the provider vouches for. */
  email: () => string;
}

export async function startProvider(client: Client): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configurationOf(client));
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith("/interaction/")) {
      await next();
      return;
    }
    ctx.respond = false;
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: "ada" } });
  });
  const handle = provider.callback();
  server.on("request", (request, response) => void handle(request, response));

  return {
    issuer,
    visit: (address) => visit(address, issuer),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const configurationOf = ({ id, secret, redirectUrl, email }: Client): Configuration => ({
  clients: [{ client_id: id, client_secret: secret, redirect_uris: [redirectUrl] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ["a-key-for-tests"] },
  findAccount: (_ctx, accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, email: email(), email_verified: true, name: "Ada" }),
  }),
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({
      ...(oidc.client && { clientId: oidc.client.clientId }),
      ...(oidc.session?.accountId && { accountId: oidc.session.accountId }),
    });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

/** Follows the provider's own redirects, with its cookies. */
async function visit(address: string, issuer: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next = new URL(address);
  for (let step = 0; step < 10; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(next, { redirect: "manual", headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (!location)
      throw new Error(`The provider answered ${answer.status}: ${await answer.text()}`);
    next = new URL(location, next);
    if (next.origin !== issuer) return next;
  }
  throw new Error("The provider sends the browser in a circle");
}
