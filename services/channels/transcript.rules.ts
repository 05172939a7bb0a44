/** A session as a text for people, in the language of its campaign (F137). Pure. */
import type { Call } from "#shared/contracts/channels/calls.ts";
import { longestTranscript } from "#shared/contracts/channels/transcripts.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { wordsOf } from "./words.rules.ts";

export type Language = "en" | "es";

/** What a transcript reads of an interaction. */
export type Told = Pick<
  Interaction,
  "id" | "at" | "from" | "direction" | "author" | "call" | "text" | "html" | "attachments"
>;

interface Words {
  call: string;
  states: Record<Call["state"], string>;
  attachment: string;
  cut: string;
}

const texts = {
  en: {
    call: "Call",
    states: { ringing: "ringing", answered: "answered", missed: "missed", ended: "ended" },
    attachment: "Attachment",
    cut: "What came before is left out.",
  },
  es: {
    call: "Llamada",
    states: {
      ringing: "sonando",
      answered: "contestada",
      missed: "perdida",
      ended: "finalizada",
    },
    attachment: "Adjunto",
    cut: "Se omite lo anterior.",
  },
} as const satisfies Record<Language, Words>;

/** About what an interaction takes of a transcript, before the names of its authors are known. */
export const sizeOf = (one: Told): number =>
  wordsOf(one).length + 700 + one.attachments.reduce((sum, { name }) => sum + name.length + 20, 0);

/**
 * The text of a session.
 * @param told oldest first
 * @param names of those users who wrote something
 */
export function transcriptOf(
  told: readonly Told[],
  {
    language,
    names,
    isComplete,
  }: { language: Language; names: ReadonlyMap<string, string>; isComplete: boolean },
): string {
  const paragraphs = told.map((one) => paragraphOf(one, language, names));
  const cut = isComplete ? [] : [`${texts[language].cut}\n`];
  return [...cut, ...paragraphs].join("\n").slice(0, longestTranscript);
}

function paragraphOf(one: Told, language: Language, names: ReadonlyMap<string, string>): string {
  const { attachment } = texts[language];
  const words = wordsOf(one).trim();
  const lines = [
    `${momentOf(one.at)} · ${speakerOf(one, names)}`,
    ...(one.call ? [callOf(one.call, language)] : []),
    ...(words ? [words] : []),
    ...one.attachments.map(({ name }) => `[${attachment}: ${name}]`),
  ];
  return `${lines.join("\n")}\n`;
}

/** `2026-03-01 10:00:00 UTC`. */
const momentOf = (at: Date): string => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;

function speakerOf({ from, author }: Told, names: ReadonlyMap<string, string>): string {
  const name = names.get(author ?? "") ?? from.name;
  return name ? `${name} (${from.value})` : from.value;
}

/** `Call: ended, 1:05`. */
function callOf({ state, durationSeconds }: Call, language: Language): string {
  const { call, states } = texts[language];
  const minutes = Math.floor((durationSeconds ?? 0) / 60);
  const seconds = String((durationSeconds ?? 0) % 60).padStart(2, "0");
  const talked = durationSeconds === undefined ? "" : `, ${String(minutes)}:${seconds}`;
  return `${call}: ${states[state]}${talked}`;
}
