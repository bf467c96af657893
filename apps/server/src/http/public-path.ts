import type { FastifyRequest } from 'fastify';
import type { Settings } from '#config';
import type { TrustedProxies } from '../access/trusted-proxies.ts';

/** The header by which a proxy says which path it has taken off the URL. */
const PREFIX_HEADER = 'x-forwarded-prefix';
/** A path that is safe in a page and in a URL, and names no other host. */
const PATH = /^(?:\/[\w.~%@:+-]+)+\/?$/;

/** A path without the slash at its end: the root is the empty text. */
const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);

/** Takes the base path off a request's URL; undefined if the URL does not have it. */
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

/** Where clients find the root of this server: a path without a slash at its end. */
export function publicPathOf(
  { raw, headers }: FastifyRequest,
  proxies: TrustedProxies,
  { basePath }: Pick<Settings, 'basePath'>,
): string {
  const prefix = headers[PREFIX_HEADER];
  const isToldPrefix = typeof prefix === 'string' && PATH.test(prefix) && proxies(raw.socket.remoteAddress ?? '', 0);
  return withoutSlash(isToldPrefix ? prefix : basePath);
}
