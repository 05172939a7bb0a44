/** The actions on the categories of templates (F166). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { TemplateCategory } from "#shared/contracts/channels/template-categories.ts";
import { conflict, stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import * as store from "./template-categories.store.ts";
import { someOfCategory } from "./templates.store.ts";

type Actions = Contracts["channels"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const templateCategories = {
  async listTemplateCategories() {
    return { items: await store.list() };
  },

  createTemplateCategory: (ctx: Asked<"createTemplateCategory">) =>
    withUniqueName(() =>
      write("channels", ctx, async (tx) => {
        const [now, by] = [new Date(), actorOf(ctx).id];
        const trail = { version: 1, createdAt: now, createdBy: by, updatedAt: now, updatedBy: by };
        const category: TemplateCategory = { id: newId(), ...ctx.params, ...trail };
        await store.add(category, tx.session);

        tell(tx, "channels.templateCategoryCreated", {}, category);
        return category;
      }),
    ),

  changeTemplateCategory: (ctx: Asked<"changeTemplateCategory">) =>
    withUniqueName(() =>
      write("channels", ctx, async (tx) => {
        const { id, version, name } = ctx.params;
        const current = await store.get(id, tx.session);
        if (current.version !== version) throw stale("template category", id, current.version);
        if (current.name === name) return current;
        const changed = {
          ...{ ...current, name, version: version + 1 },
          ...{ updatedAt: new Date(), updatedBy: actorOf(ctx).id },
        };
        await store.replace(changed, tx.session);

        tell(tx, "channels.templateCategoryChanged", current, changed);
        return changed;
      }),
    ),

  /** @throws 409 TEMPLATE_CATEGORY_IN_USE naming a template that is in it */
  deleteTemplateCategory: (ctx: Asked<"deleteTemplateCategory">): Promise<void> =>
    write("channels", ctx, async (tx) => {
      const category = await store.get(ctx.params.id, tx.session);
      const templateId = await someOfCategory(category.id, tx.session);
      if (templateId !== undefined) {
        throw conflict("TEMPLATE_CATEGORY_IN_USE", "There are templates in this category", {
          templateId,
        });
      }
      await store.remove(category.id, tx.session);

      tell(tx, "channels.templateCategoryDeleted", category, {
        id: category.id,
        version: category.version + 1,
      });
    }),
};

type Told =
  | "channels.templateCategoryCreated"
  | "channels.templateCategoryChanged"
  | "channels.templateCategoryDeleted";

function tell(
  tx: Tx<"channels">,
  event: Told,
  before: object,
  after: Pick<TemplateCategory, "id" | "version">,
): void {
  const { id, version } = after;
  const aggregate = { kind: "templateCategory", id, version };
  tx.announce({ event, aggregate, changes: changesBetween(before, after), data: { id } });
}

async function withUniqueName<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw await store.asNameTaken(error);
  }
}
