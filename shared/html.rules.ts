/** HTML as it may be shown: of messages, and of what administrators write. Pure. */
import sanitizeHtml from "sanitize-html";

/** How any HTML is shown: bounded in depth, and its links know nothing of who follows them. */
const safely: sanitizeHtml.IOptions = {
  allowProtocolRelative: false,
  nestingLimit: 60,
  transformTags: {
    a: (tagName, attribs) => ({
      tagName,
      attribs: { ...attribs, rel: "noopener noreferrer nofollow", target: "_blank" },
    }),
  },
};

const options: sanitizeHtml.IOptions = {
  allowedTags: [
    ...["a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col"],
    ...["colgroup", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6"],
    ...["hr", "i", "img", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strike"],
    ...["strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"],
  ],
  allowedAttributes: {
    a: ["href", "title", "rel", "target"],
    img: ["src", "alt", "width", "height"],
    td: ["colspan", "rowspan", "align", "valign"],
    th: ["colspan", "rowspan", "align", "valign"],
    "*": ["dir", "lang"],
  },
  allowedSchemes: ["https", "http", "mailto", "tel"],
  // A picture from outside tells its server who reads the case: only parts of the mail are shown.
  allowedSchemesByTag: { img: ["cid"] },
  ...safely,
};

/**
 * HTML of a message, which is kept as it came and only ever shown through this: without script,
 * remote load, form or style; pictures only as `cid:` parts of the message.
 */
export const shownHtml = (html: string): string => sanitizeHtml(html, options);

const written: sanitizeHtml.IOptions = {
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

/** What administrators write, as it is kept: without script, style, form, picture or remote load. */
export const writtenHtml = (html: string): string => sanitizeHtml(html, written);

const named: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML that says just that. */
export const escapedHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => named[character] ?? "");
