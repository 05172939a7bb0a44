/** Templates of messages (F165, F226, G15): what they may be, and every reason to refuse. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { administrator, refusedAt, startTemplates } from "./templates.samples.ts";

const told = async (id: string) => {
  const names = ["templateCreated", "templateChanged", "templateDeleted"] as const;
  const events = await Promise.all(
    names.map((name) => announced("channels", `channels.${name}` as const)),
  );
  return events.flat().filter(({ data }) => data.id === id);
};

const html = "<p>Dear {{customer.name}}, <b>case {{ case.number }}</b></p>";

test("G15, F165: a template for e-mail has subject, copies, HTML and variables, and is told of", async () => {
  const { bus, create, aCategory } = await startTemplates();
  const said = {
    ...{ channelType: "email" as const, categoryId: (await aCategory()).id, html },
    ...{ subject: "Case {{case.number}}", text: "Dear {{customer.name}}" },
    ...{ cc: ["desk@example.com"], bcc: ["archive@Example.com"], campaignIds: ["sales"] },
  };

  const made = await create(said);

  expect(made).toMatchObject({
    ...{ ...said, bcc: ["archive@example.com"], enabled: true, version: 1 },
    createdBy: administrator.meta.actor?.id,
  });
  expect(made).not.toHaveProperty("channelIds");
  expect(await bus.call("channels.getTemplate", { id: made.id }, administrator)).toEqual(made);
  const [event] = await told(made.id);
  expect(event).toMatchObject({
    ...{ name: "channels.templateCreated", aggregate: { kind: "template", version: 1 } },
    data: { channelType: "email" },
  });
  expect(event?.changes).toContainEqual({ field: "html", old: null, new: html });
});

test("G15: what a template says is changed, and cleared; what is left out stays", async () => {
  const { create, change } = await startTemplates();
  const { id } = await create({ subject: "Hi", html, campaignIds: ["sales"] });

  const changed = await change(id, 1, { subject: null, campaignIds: null, enabled: false });
  const same = await change(id, 2, { enabled: false });

  expect(changed).toMatchObject({ html, text: "Hello", enabled: false, version: 2 });
  for (const gone of ["subject", "campaignIds"]) expect(changed).not.toHaveProperty(gone);
  expect(same).toEqual(changed);
  const events = await told(id);
  const changes = events[1]?.changes;
  expect(events).toHaveLength(2);
  expect(changes).toHaveLength(3);
  expect(changes).toEqual(
    expect.arrayContaining([
      { field: "campaignIds", old: ["sales"], new: null },
      { field: "enabled", old: true, new: false },
      { field: "subject", old: "Hi", new: null },
    ]),
  );
});

test("G15, P16: HTML is kept without what acts, and variables are not put where they could", async () => {
  const { create } = await startTemplates();
  const attack = '<p onclick="x()">Hi</p><script>x</script><img src="https://x.example/p.png">';

  expect((await create({ html: attack })).html).toBe("<p>Hi</p>");
  expect(await create({ html: "<script>x</script>" })).not.toHaveProperty("html");
  await expect(
    create({ html: '<a href="https://x.example/{{customer.id}}">a</a>' }),
  ).rejects.toMatchObject(refusedAt("html", "variable"));
});

test.each([
  [{ text: "{{customer.password}}" }, "text", "variable"],
  [{ text: "Hi {{case.number" }, "text", "variable"],
  [{ subject: "{{constructor}}" }, "subject", "variable"],
  [{ html: "<p>{{x}}</p>" }, "html", "variable"],
  [{ text: " \n" }, "text", "blank"],
  [{ html: "&".repeat(20_000) }, "html", "stringMax"],
  [{ subject: "a\nb" }, "subject", "singleLine"],
  [{ cc: ["nobody"] }, "cc[0]", "email"],
  [{ cc: Array.from({ length: 20 }, () => "a@example.com") }, "cc", "arrayMax"],
  [
    { cc: ["a@example.com"], bcc: Array.from({ length: 19 }, () => "b@example.com") },
    ...(["bcc", "tooMany"] as const),
  ],
  [{ channelIds: [] }, "channelIds", "arrayMin"],
  [{ channelIds: ["nowhere"] }, "channelIds[0]", "unknown"],
  [{ campaignIds: ["sales", "none"] }, "campaignIds[1]", "unknown"],
  [{ categoryId: "nowhere" }, "categoryId", "unknown"],
  [{ channelType: "pigeon" }, "channelType", "enumValue"],
  [{ colour: "red" }, "colour", "unknownField"],
])("G15: a template that cannot be is refused by name: %j", async (said, path, code) => {
  const { bus, create, change } = await startTemplates();
  const { id } = await create();

  await expect(create(said as object)).rejects.toMatchObject(refusedAt(path, code));
  if (path !== "channelType") {
    await expect(change(id, 1, said as object)).rejects.toMatchObject(refusedAt(path, code));
  }
  const kept = await bus.call("channels.getTemplate", { id }, administrator);
  expect(kept).toMatchObject({ version: 1, text: "Hello" });
});

test("G15, D22: a template has nothing that messages of its type cannot have", async () => {
  const { aChannel, create, change } = await startTemplates();
  const mail = await aChannel("email");
  const sms = { channelType: "sms" as const };

  for (const [path, said] of Object.entries({
    subject: { subject: "Hi" },
    html: { html: "<p>Hi</p>" },
    cc: { cc: ["a@example.com"] },
    bcc: { bcc: ["a@example.com"] },
  })) {
    await expect(create({ ...sms, ...said })).rejects.toMatchObject(refusedAt(path, "capability"));
  }
  await expect(create({ ...sms, text: "x".repeat(1_601) })).rejects.toMatchObject(
    refusedAt("text", "stringMax"),
  );
  await expect(create({ ...sms, channelIds: [mail.id] })).rejects.toMatchObject(
    refusedAt("channelIds[0]", "unknown"),
  );
  const { id } = await create({ ...sms, text: "x".repeat(1_600) });
  await expect(change(id, 1, { channelType: "email" } as object)).rejects.toMatchObject(
    refusedAt("channelType"),
  );
});

test("G15: templates of one type have different names, accents and case aside", async () => {
  const { bus, create, change } = await startTemplates();
  const name = `Días ${newId()}`;
  const { id } = await create({ name });
  const other = await create();
  const taken = { code: 409, type: "TEMPLATE_EXISTS", data: { existingId: id } };
  const twin = name.toUpperCase().replace("Í", "I");

  await expect(create({ name: twin })).rejects.toMatchObject(taken);
  await expect(change(other.id, 1, { name: twin })).rejects.toMatchObject(taken);
  const copy = { id: other.id, name: twin };
  await expect(bus.call("channels.duplicateTemplate", copy, administrator)).rejects.toMatchObject(
    taken,
  );
  expect(await create({ name, channelType: "sms" })).toMatchObject({ name });
});

test("G15: a template is duplicated under another name, and deleted; the copy stays", async () => {
  const { bus, create } = await startTemplates();
  const made = await create({ html, subject: "Hi", campaignIds: ["sales"] });
  const name = newId();

  const copy = await bus.call("channels.duplicateTemplate", { id: made.id, name }, administrator);
  await bus.call("channels.deleteTemplate", { id: made.id }, administrator);

  const { id: _id, name: _name, createdAt: _at, updatedAt: _since, ...same } = made;
  expect(copy).toMatchObject({ ...same, name });
  expect(copy.id).not.toBe(made.id);
  const get = (id: string) => bus.call("channels.getTemplate", { id }, administrator);
  await expect(get(made.id)).rejects.toMatchObject({ code: 404 });
  expect(await get(copy.id)).toEqual(copy);
  expect((await told(made.id)).at(-1)).toMatchObject({
    ...{ name: "channels.templateDeleted", aggregate: { version: 2 } },
    changes: expect.arrayContaining([{ field: "subject", old: "Hi", new: null }]) as unknown,
  });
});

test("P9: a stale change is refused, and of changes made at once one is kept", async () => {
  const { create, change } = await startTemplates();
  const { id } = await create();

  const outcomes = await Promise.allSettled(["a", "b", "c"].map((text) => change(id, 1, { text })));

  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(change(id, 1, { text: "d" })).rejects.toMatchObject({
    ...{ code: 412, type: "STALE_VERSION" },
    data: { version: 2 },
  });
});

test("B01: the same command makes one template", async () => {
  const { bus } = await startTemplates();
  const command = { meta: { ...administrator.meta, commandId: newId() } };
  const params = { name: newId(), channelType: "sms" as const, text: "Hello" };

  const first = await bus.call("channels.createTemplate", params, command);

  expect(await bus.call("channels.createTemplate", params, command)).toEqual(first);
  const copy = { id: first.id, name: newId() };
  const copied = await bus.call("channels.duplicateTemplate", copy, command);
  await bus.call("channels.deleteTemplate", { id: first.id }, administrator);
  expect(await bus.call("channels.duplicateTemplate", copy, command)).toEqual(copied);
});

test("G15: what is not there cannot be read, changed, copied or deleted", async () => {
  const { bus, change } = await startTemplates();
  const id = newId();
  const missing = { code: 404, type: "NOT_FOUND" };

  await expect(bus.call("channels.getTemplate", { id }, administrator)).rejects.toMatchObject(
    missing,
  );
  await expect(change(id, 1, {})).rejects.toMatchObject(missing);
  const copy = { id, name: newId() };
  await expect(bus.call("channels.duplicateTemplate", copy, administrator)).rejects.toMatchObject(
    missing,
  );
  await expect(bus.call("channels.deleteTemplate", { id }, administrator)).rejects.toMatchObject(
    missing,
  );
});
