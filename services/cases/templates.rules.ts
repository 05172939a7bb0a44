/** What a template says in a case (F152, G15). Pure. */
import type { FilledTemplate } from "#shared/contracts/cases/templates.ts";
import type { Template } from "#shared/contracts/channels/templates.ts";
import { cut } from "#shared/folding.rules.ts";
import { escapedHtml } from "#shared/html.rules.ts";
import { variablesIn } from "#shared/variables.rules.ts";
import { filled, words, type Facts } from "./variables.rules.ts";

/** The template with what the case has to say; an empty value says nothing. */
export function filledTemplate(
  { id, name, channelType, subject, text, html, cc, bcc }: Template,
  facts: Facts,
): FilledTemplate {
  const names = [...new Set([subject ?? "", text, html ?? ""].flatMap(variablesIn))];
  return {
    ...{ templateId: id, name, channelType, cc, bcc },
    text: filled(text, facts, { most: 80_000, written: (value) => value }),
    ...(subject ? { subject: filledSubject(subject, facts) } : {}),
    ...(html ? { html: filled(html, facts, { most: 150_000, written: asHtml }) } : {}),
    empty: names.filter((name) => !words[name](facts)),
  };
}

const longestSubject = 500;

/** One line, whatever the values hold. */
const filledSubject = (subject: string, facts: Facts): string =>
  cut(filled(subject, facts, { most: 20_000, written: onOneLine }), longestSubject).trim();

const onOneLine = (value: string): string => value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");

/** A value is text, never HTML; its lines stay lines. */
const asHtml = (value: string): string => escapedHtml(value).replaceAll(/\r\n|\r|\n/g, "<br />");
