/** The lists of attachments: of a case, and of a customer (F054, F186, F188). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Attachment } from "#shared/contracts/files.ts";
import { idsOfCustomer, readableCases, userNames } from "#shared/neighbours.ts";
import * as store from "./attachments.store.ts";

type Actions = Contracts["files"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const attachments = {
  /** @throws 404 NOT_FOUND where there is no such customer, 308 MOVED where it was merged */
  async listOfCustomer(ctx: Asked<"listOfCustomer">) {
    const { id, ...paging } = ctx.params;
    const page = await store.listOfCustomer(await idsOfCustomer(ctx, id), paging, async (files) => {
      const readable = await readableCases(
        ctx,
        files.map(({ caseId }) => caseId),
      );
      return files.map((file) => {
        const kase = readable.get(file.caseId);
        return kase && attachmentOf(file, kase.number);
      });
    });

    return { ...page, items: await named(ctx, page.items) };
  },

  /** @throws 404 NOT_FOUND where there is no such case, or none that the user may read */
  async listOfCase(ctx: Asked<"listOfCase">) {
    const { id: idOrNumber, ...paging } = ctx.params;
    const { id, number } = await ctx.call("cases.access", { id: idOrNumber });
    const page = await store.listOfCase(id, paging);

    const items = page.items.map((file) => attachmentOf(file, number));
    return { ...page, items: await named(ctx, items) };
  },
};

/** A file of a case as lists show it. */
export function attachmentOf(file: store.FileOfCase, caseNumber: number): Attachment {
  const { id, name, contentType, size, createdAt, createdBy, caseId, ownerKind, ownerId } = file;
  return {
    id,
    name,
    contentType,
    size,
    createdAt,
    createdBy,
    caseId,
    caseNumber,
    ...(ownerKind === "interaction" && ownerId
      ? { origin: "interaction", interactionId: ownerId }
      : { origin: "upload" }),
    url: `/api/v1/files/${id}`,
  };
}

/** With the names of the users who brought them. */
export async function named(ctx: Ctx, items: Attachment[]): Promise<Attachment[]> {
  const names = await userNames(
    ctx,
    items.map(({ createdBy }) => createdBy),
  );
  return items.map((item) => {
    const createdByName = names.get(item.createdBy);
    return createdByName ? { ...item, createdByName } : item;
  });
}
