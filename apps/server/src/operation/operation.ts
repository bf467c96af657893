import type { NestorError } from '#errors';

/** Who may send a request. */
export type Access =
  /** Everyone. */
  | 'open'
  /** Everyone, unless `PROTECT_METRICS` requires a key of scrapers. */
  | 'scrape'
  /** Everyone for the console's page, which contains nothing about the models; otherwise as `key`. */
  | 'page'
  /** Holders of an API key, if the server requires keys. */
  | 'key'
  /** Holders of an admin key, if `ADMIN` is on. */
  | 'admin';

/** The properties of a route or a gRPC method: declared beside it, and read by access checks, records and errors. */
export interface Operation<Request, RenderedError> {
  readonly access: Access;
  /** Machines send it often, so a success is logged only at debug level. */
  readonly probe: boolean;
  /** Renders an error in the protocol's form. */
  readonly renderError: (error: NestorError, request: Request) => RenderedError;
}
