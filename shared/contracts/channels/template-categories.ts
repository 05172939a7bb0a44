/** What templates are organised by (F166). */
import { actions } from "../../contract.ts";
import { id, list, record, text, type Received } from "../../fields.ts";
import { trail, version } from "../common.ts";

export const mostCategories = 200;

const facts = { name: text(80) };

export type TemplateCategory = Received<typeof TemplateCategory>;
export const TemplateCategory = { id, ...facts, ...trail };

export const categoryActions = actions({
  listTemplateCategories: {
    rest: "GET /template-categories",
    needs: "templates.read",
    says: "The categories of templates, by name (F166).",
    params: {},
    returns: record({ items: list(record(TemplateCategory), mostCategories) }),
  },
  createTemplateCategory: {
    rest: "POST /template-categories",
    needs: "templates.configure",
    says: "Adds a category of templates.",
    params: facts,
    returns: record(TemplateCategory),
  },
  changeTemplateCategory: {
    rest: "PATCH /template-categories/:id",
    needs: "templates.configure",
    guarded: "required",
    says: "Gives a category of templates another name.",
    params: { id, version, ...facts },
    returns: record(TemplateCategory),
  },
  deleteTemplateCategory: {
    rest: "DELETE /template-categories/:id",
    needs: "templates.configure",
    status: 204,
    says: "Removes a category that no template is in.",
    params: { id },
  },
});

export const categoryEvents = {
  templateCategoryCreated: { id },
  templateCategoryChanged: { id },
  templateCategoryDeleted: { id },
};
