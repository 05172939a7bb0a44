/** What the person at the terminal can mend: shown as one sentence, without a stack. */
export class Problem extends Error {
  override readonly name = "Problem";
}

/** Progress for the person at the terminal, one line at a time. */
export type Log = (line: string) => void;

/** The system's own word for what went wrong with a file or a socket, such as "ENOSPC". */
export const codeOf = (error: unknown): string => String(seen(error).code ?? "");

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => seen(error).message ?? String(error);

/** Asked by shape: an error may come from another realm, where `instanceof Error` is false. */
const seen = (error: unknown): { code?: string | number; message?: string } =>
  typeof error === "object" && error ? error : {};
