/** A page of the gateway itself, public and outside the contracts: the documentation's files. */
export interface Page {
  /** The whole path, such as `/docs` or `/api/v1/openapi.json`. */
  readonly path: string;
  readonly contentType: string;
  /** Replaces the Content-Security-Policy of `default-src 'none'`. */
  readonly contentSecurityPolicy?: string;
  /** Replaces `no-store`. */
  readonly cacheControl?: string;
  /** Asked once, when the gateway starts; the page is kept in memory. */
  read(): string | Buffer | Promise<string | Buffer>;
}
