import type { FastifyRequest } from 'fastify';
import type { Settings } from '#config';
import type { TrustedProxies } from '../access/trusted-proxies.ts';

/** The header with the path that a proxy has removed from the URL. */
const PREFIX_HEADER = 'x-forwarded-prefix';
/** A path that is safe in a page and in a URL, and names no other host. */
const PATH = /^(?:\/[\w.~%@:+-]+)+\/?$/;

/** A path without its trailing slash; the root becomes the empty string. */
const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);

/** A function that removes the base path from a request's URL; undefined without a base path. */
export function baseRemover({
  basePath,
}: Pick<Settings, 'basePath'>): (({ url }: { readonly url?: string | undefined }) => string) | undefined {
  const base = withoutSlash(basePath);
  if (base === '') return undefined;
  return ({ url = '/' }) => {
    if (!url.startsWith(base)) return url;
    const rest = url.slice(base.length);
    if (rest.startsWith('/')) return rest;
    return rest === '' || rest.startsWith('?') ? `/${rest}` : url;
  };
}

/** The path of this server's root for clients, without a trailing slash. */
export function publicPathOf(
  { raw, headers }: FastifyRequest,
  proxies: TrustedProxies,
  { basePath }: Pick<Settings, 'basePath'>,
): string {
  const prefix = headers[PREFIX_HEADER];
  const isToldPrefix = typeof prefix === 'string' && PATH.test(prefix) && proxies(raw.socket.remoteAddress ?? '', 0);
  return withoutSlash(isToldPrefix ? prefix : basePath);
}
