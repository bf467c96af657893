import { useEffect, useState } from 'preact/hooks';

/** Where the page is: `#/`, `#/live`, `#/models/{name}` and `#/models/{name}/{view}`. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'live' }
  | { readonly page: 'model'; readonly name: string; readonly view: string };

export function routeOf(hash: string): Route {
  const [page, name, view = ''] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'live') return { page };
  if (page === 'models' && name !== undefined && name !== '')
    return { page: 'model', name: decodeURIComponent(name), view };
  return { page: 'overview' };
}

export const modelHref = (name: string, view = ''): string =>
  `#/models/${encodeURIComponent(name)}${view === '' ? '' : `/${view}`}`;

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}
