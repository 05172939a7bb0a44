/** What a script may be: rich text without anything that acts, and known variables (F201). */
import { longestScript } from "#shared/contracts/campaigns/script.ts";
import { invalidField } from "#shared/errors.ts";
import { writtenHtml } from "#shared/html.rules.ts";
import { variablesFaultInHtml } from "#shared/variables.rules.ts";

/**
 * A script as it is kept: without script, style, form, picture or remote load.
 * @throws 422 at `html` for an unknown variable, one inside a tag, or what grows too long
 */
export function cleanScript(html: string): string {
  const clean = writtenHtml(html);
  if (clean.length > longestScript) {
    throw invalidField("html", `must have at most ${longestScript} characters`, "stringMax");
  }
  const fault = variablesFaultInHtml(clean);
  if (fault) throw invalidField("html", fault, "variable");
  return clean;
}
