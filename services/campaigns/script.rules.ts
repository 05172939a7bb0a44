/** What a script may be: rich text without anything that acts, and known variables (F201). */
import sanitizeHtml from "sanitize-html";
import { longestScript } from "#shared/contracts/campaigns/script.ts";
import { invalidField } from "#shared/errors.ts";
import { safely } from "#shared/html.rules.ts";
import { variablesFault } from "#shared/variables.rules.ts";

const options: sanitizeHtml.IOptions = {
  allowedTags: [
    ...["a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt"],
    ...["em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q"],
    ...["s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"],
    ...["thead", "tr", "u", "ul"],
  ],
  allowedAttributes: {
    a: ["href", "title", "rel", "target"],
    td: ["colspan", "rowspan"],
    th: ["colspan", "rowspan"],
    "*": ["dir", "lang"],
  },
  allowedSchemes: ["https", "mailto", "tel"],
  ...safely,
};

/**
 * A script as it is kept: without script, style, form, picture or remote load.
 * @throws 422 at `html` for an unknown variable, one inside a tag, or what grows too long
 */
export function cleanScript(html: string): string {
  const clean = sanitizeHtml(html, options);
  if (clean.length > longestScript) {
    throw invalidField("html", `must have at most ${longestScript} characters`, "stringMax");
  }
  // In an address a value could lead elsewhere.
  if (/<[^<>]*\{\{/.test(clean)) {
    throw invalidField("html", "has a variable inside a tag", "variable");
  }
  const fault = variablesFault(clean);
  if (fault) throw invalidField("html", fault, "variable");
  return clean;
}
