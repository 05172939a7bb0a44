/** What the person at the terminal can mend: shown as one sentence, without a stack. */
export class Problem extends Error {
  override readonly name = "Problem";
}

/** Progress for the person at the terminal, one line at a time. */
export type Log = (line: string) => void;

/** The system's own word for what went wrong with a file or a socket, such as "ENOSPC". */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
