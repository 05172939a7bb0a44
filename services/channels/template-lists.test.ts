/** Lists of templates, for administrators and for who writes (F152, F165), and their categories (F166). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { administrator, refusedAt, startTemplates } from "./templates.samples.ts";

const namesOf = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name);

/** Templates that all have one word in their names. */
async function startShelf() {
  const office = await startTemplates();
  const [word, sales, support] = [newId(), newId(), newId()];
  const [mail, otherMail] = [await office.aChannel("email"), await office.aChannel("email")];
  const texts = await office.aChannel("sms");
  const category = await office.aCategory();
  const put = (name: string, said: Parameters<typeof office.create>[0] = {}) =>
    office.create({ name: `${name} ${word}`, ...said });
  await put("a", { html: "<p>Hi</p>" });
  await put("b", { channelIds: [mail.id], categoryId: category.id });
  await put("c", { campaignIds: [sales] });
  await put("d", { channelType: "sms", campaignIds: [sales, support] });
  await put("e", { enabled: false });
  const short = (page: { items: { name: string }[] }) =>
    namesOf(page).map((name) => name.replace(` ${word}`, ""));
  const list = async (asked: object) =>
    short(await office.bus.call("channels.listTemplates", { q: word, ...asked }, administrator));
  const offer = async (asked: { campaignId: string; channelId?: string }) =>
    short(await office.bus.call("channels.offerTemplates", { q: word, ...asked }));
  return { ...office, word, sales, support, mail, otherMail, texts, category, list, offer };
}

test("F165: administrators list all templates by name, without what they say", async () => {
  const { bus, word, sales, support, mail, texts, category, list } = await startShelf();

  expect(await list({})).toEqual(["a", "b", "c", "d", "e"]);
  expect(await list({ channelType: "sms" })).toEqual(["d"]);
  expect(await list({ enabled: false })).toEqual(["e"]);
  expect(await list({ categoryId: category.id })).toEqual(["b"]);
  expect(await list({ campaignId: support })).toEqual(["a", "b", "d", "e"]);
  expect(await list({ channelId: mail.id, campaignId: sales })).toEqual(["a", "b", "c", "e"]);
  expect(await list({ channelId: texts.id, channelType: "email" })).toEqual([]);
  const first = await bus.call(
    "channels.listTemplates",
    { q: word.toUpperCase(), limit: 2, count: true },
    administrator,
  );
  expect([first.items.length, first.total]).toEqual([2, 5]);
  for (const unread of ["text", "html", "nameKey"]) {
    expect(first.items[0]).not.toHaveProperty(unread);
  }
  expect(await list({ cursor: String(first.nextCursor) })).toEqual(["c", "d", "e"]);
});

test("F152, F165: who writes is offered what is enabled for the campaign, and for a channel", async () => {
  const { sales, support, mail, otherMail, texts, offer } = await startShelf();

  expect(await offer({ campaignId: sales })).toEqual(["a", "b", "c", "d"]);
  expect(await offer({ campaignId: support })).toEqual(["a", "b", "d"]);
  expect(await offer({ campaignId: newId(), channelId: mail.id })).toEqual(["a", "b"]);
  expect(await offer({ campaignId: sales, channelId: otherMail.id })).toEqual(["a", "c"]);
  expect(await offer({ campaignId: sales, channelId: texts.id })).toEqual(["d"]);
  await expect(offer({ campaignId: sales, channelId: "nowhere" })).rejects.toMatchObject(
    refusedAt("channelId", "unknown"),
  );
});

test("F152: one that is not offered is not there for who writes", async () => {
  const { bus, aChannel, create } = await startTemplates();
  const [mail, texts] = [await aChannel("email"), await aChannel("sms")];
  const { id } = await create({ channelIds: [mail.id], campaignIds: ["sales"] });
  const disabled = await create({ enabled: false });
  const offered = (one: string, campaignId: string, channelId?: string) =>
    bus.call("channels.offeredTemplate", {
      ...{ id: one, campaignId, ...(channelId ? { channelId } : {}) },
    });
  const missing = { code: 404, type: "NOT_FOUND" };

  expect(await offered(id, "sales", mail.id)).toMatchObject({ id, text: "Hello" });
  expect(await offered(id, "sales")).toMatchObject({ id });
  await expect(offered(id, "support", mail.id)).rejects.toMatchObject(missing);
  await expect(offered(id, "sales", texts.id)).rejects.toMatchObject(missing);
  await expect(offered(disabled.id, "sales")).rejects.toMatchObject(missing);
  await expect(offered(newId(), "sales")).rejects.toMatchObject(missing);
});

test("F166, D18: a category is made, renamed, listed by name, and told of", async () => {
  const { bus, aCategory } = await startTemplates();
  const word = newId();
  const { id } = await aCategory(`b ${word}`);
  const other = await aCategory(`c ${word}`);

  const rename = (one: string, version: number, name: string) =>
    bus.call("channels.changeTemplateCategory", { id: one, version, name }, administrator);
  const changed = await rename(id, 1, `d ${word}`);

  expect(changed).toMatchObject({ name: `d ${word}`, version: 2 });
  expect(await rename(id, 2, `d ${word}`)).toEqual(changed);
  const names = namesOf(await bus.call("channels.listTemplateCategories", {}, administrator));
  expect(names.filter((name) => name.endsWith(word))).toEqual([`c ${word}`, `d ${word}`]);
  const taken = { code: 409, type: "TEMPLATE_CATEGORY_EXISTS", data: { existingId: other.id } };
  await expect(aCategory(`C ${word}`)).rejects.toMatchObject(taken);
  await expect(rename(id, 2, `C ${word}`)).rejects.toMatchObject(taken);
  await expect(rename(id, 1, "x")).rejects.toMatchObject({ code: 412 });
  await expect(rename(newId(), 1, "x")).rejects.toMatchObject({ code: 404 });
  await expect(aCategory("")).rejects.toMatchObject(refusedAt("name"));
  const told = await announced("channels", "channels.templateCategoryChanged");
  expect(told.filter(({ data }) => data.id === id)).toMatchObject([
    { changes: [{ field: "name", old: `b ${word}`, new: `d ${word}` }] },
  ]);
});

test("F166: a category is removed once no template is in it, and not while one chooses it", async () => {
  const { bus, create, change, aCategory } = await startTemplates();
  const { id } = await aCategory();
  const remove = () => bus.call("channels.deleteTemplateCategory", { id }, administrator);
  const template = await create({ categoryId: id });

  await expect(remove()).rejects.toMatchObject({
    ...{ code: 409, type: "TEMPLATE_CATEGORY_IN_USE" },
    data: { templateId: template.id },
  });
  await change(template.id, 1, { categoryId: null });
  const [chosen, removed] = await Promise.allSettled([
    change(template.id, 2, { categoryId: id }),
    remove(),
  ]);

  const { items } = await bus.call("channels.listTemplateCategories", {});
  expect([chosen.status, removed.status].sort()).toEqual(["fulfilled", "rejected"]);
  expect(items.some((one) => one.id === id)).toBe(chosen.status === "fulfilled");
});
