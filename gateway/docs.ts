/** The API's documentation as pages. */
import type { Page } from "./page.ts";

export const pages: readonly Page[] = [];
