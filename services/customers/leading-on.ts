/** What is asked for below a customer that was merged away leads on to the survivor (D03). */
import { isRefusal, moved } from "#shared/errors.ts";
import { survivorOf } from "./merges.store.ts";

type Handler = (ctx: never) => unknown;

/** The same actions, which say of a merged customer that it has moved, instead of 404. */
export const leadingOn = <H extends Record<string, Handler>>(handlers: H): H =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      async (ctx: { params: { id: string } }) => {
        try {
          return await handler(ctx as never);
        } catch (error) {
          throw isRefusal(error) && error.type === "NOT_FOUND"
            ? await whereTo(ctx.params.id, error)
            : error;
        }
      },
    ]),
  ) as unknown as H;

async function whereTo(id: string, error: Error): Promise<Error> {
  const survivorId = await survivorOf(id);
  return survivorId ? moved("customer", id, survivorId) : error;
}
