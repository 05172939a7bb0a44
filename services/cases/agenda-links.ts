/** Secret links by which calendars read the next actions of who made them (F178). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import type { AgendaLink } from "#shared/contracts/cases/agenda.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { digestOf, newSecret } from "#shared/secrets.ts";
import { visibleCases, type Filter } from "#shared/visibility.ts";
import { lengthMs } from "./agenda.ts";
import * as rules from "./agenda-links.rules.ts";
import * as links from "./agenda-links.store.ts";
import { plannedOf } from "./agenda.store.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** A calendar shows so many, and what was due not longer ago than this. */
const mostShown = 1_000;
const shownForMs = 30 * 86_400_000;

export const agendaLinks = {
  /** The secret is answered once and kept nowhere: a repeat of the command learns only that it was. */
  async createAgendaLink(ctx: Asked<"createAgendaLink">) {
    const { id: userId } = actorOf(ctx);
    const [id, secret] = [newId(), newSecret()];
    const { language } = await ctx.call("identity.me");
    const link = { id, userId, ...ctx.params, language, createdAt: new Date() };

    const made = await write("cases", ctx, async ({ session, announce }) => {
      const place = rules.freePlace(await links.ofUser(userId, session));
      await links.add({ ...link, place, digest: digestOf(secret) }, session);
      announce({
        event: "cases.agendaLinkCreated",
        aggregate: { kind: "agendaLink", id, version: 1 },
        changes: rules.changesOf(link),
        data: { id, userId },
      });
      return { id };
    });
    if (made.id !== id) {
      throw conflict("LINK_SHOWN", "This request has made its link; a link is shown once", made);
    }
    return { id, url: `${config().PUBLIC_URL?.replace(/\/+$/, "") ?? ""}${path}${secret}` };
  },

  async listAgendaLinks(ctx: Ctx) {
    const own = await links.ofUser(actorOf(ctx).id);
    return {
      items: own.map(({ digest: _digest, place: _place, userId: _user, ...link }) => link),
    };
  },

  /** @throws 404 NOT_FOUND, alike for a link of somebody else */
  async revokeAgendaLink(ctx: Asked<"revokeAgendaLink">) {
    const { id } = ctx.params;
    const { id: userId } = actorOf(ctx);
    await write("cases", ctx, async ({ session, announce }) => {
      if (!(await links.remove(id, userId, session))) throw notFound("link", id);
      announce({
        event: "cases.agendaLinkRevoked",
        aggregate: { kind: "agendaLink", id, version: 2 },
        data: { id, userId },
      });
    });
  },

  /**
   * What who made the link has planned and may still see.
   * @throws 404 NOT_FOUND, alike for a link that is unknown or revoked, and of a disabled user
   */
  async agendaFeed(ctx: Asked<"agendaFeed">) {
    const link = await links.findByDigest(digestOf(ctx.params.token));
    const visible = link && (await seenByOwner(ctx, link));
    if (!visible) throw notFound("agenda", "");
    const from = new Date(Date.now() - shownForMs);
    const { items } = await plannedOf(link.userId, { from, limit: mostShown }, visible);
    return { calendar: rules.calendarOf(items, link, lengthMs()) };
  },
};

const path = "/api/v1/agenda-feeds/";

/** What the user sees in the role of now; undefined where the user is not let in any more. */
async function seenByOwner(ctx: Ctx, { userId }: AgendaLink): Promise<Filter | undefined> {
  const [user] = await ctx.call("identity.namesOf", { ids: [userId] });
  if (!user || user.disabled) return undefined;
  const { id, role } = user;
  const scopes = await ctx.call("campaigns.scopesOf", { userId });
  return visibleCases({ kind: "user", id, role, permissions: [] }, scopes);
}
