import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { whenKeyIsWanted } from './api/request.ts';
import { HistoryProvider, usePolledHistory } from './live/use-history.ts';
import { KeyForm } from './pages/key-form.tsx';
import { LivePage } from './pages/live-page.tsx';
import { ModelPage } from './pages/model-page.tsx';
import { type Listing, OverviewPage } from './pages/overview-page.tsx';
import { type Route, useRoute } from './pages/route.ts';

/** The console: a frame around the page that the address names. */
export function App(): VNode {
  const route = useRoute();
  const [locked, setLocked] = useState(false);
  useEffect(() => whenKeyIsWanted(() => setLocked(true)), []);
  useArrival(route);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="#/">
          <img src="console/icon.svg" alt="" width="28" height="28" />
          Nestor
        </a>
        <nav aria-label="Pages">
          <a href="#/" aria-current={route.page === 'overview' || route.page === 'model' ? 'page' : undefined}>
            Models
          </a>
          <a href="#/live" aria-current={route.page === 'live' ? 'page' : undefined}>
            Live
          </a>
          <a href="docs">API</a>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {locked ? (
          <KeyForm role="caller" label="API key" onKey={() => setLocked(false)}>
            <h1>This server asks for an API key</h1>
          </KeyForm>
        ) : (
          <Pages route={route} />
        )}
      </main>
    </>
  );
}

/** Starts another page at its top, with its own title and the keyboard focus. */
function useArrival(route: Route): void {
  const place = route.page === 'model' ? route.name : route.page;
  const before = useRef(place);
  useEffect(() => {
    document.title = place === 'overview' ? 'Nestor' : `${place === 'live' ? 'Live' : place} · Nestor`;
    if (before.current === place) return;
    before.current = place;
    scrollTo(0, 0);
    document.getElementById('main')?.focus();
  }, [place]);
}

/** Moves the focus without following the link, which would change the route. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** The visible page. The last model's page stays, hidden, so that its answer or its labelling is not lost. */
function Pages({ route }: { readonly route: Route }): VNode {
  const history = usePolledHistory();
  const [listing, setListing] = useState<Listing>({ search: '', page: 0 });
  const last = useRef<Extract<Route, { page: 'model' }>>(undefined);
  if (route.page === 'model') last.current = route;
  const model = last.current;
  return (
    <HistoryProvider value={history}>
      {route.page === 'overview' && <OverviewPage listing={listing} onList={setListing} />}
      {route.page === 'live' && <LivePage />}
      {model !== undefined && (
        <div key={model.name} hidden={route.page !== 'model'}>
          <ModelPage name={model.name} view={model.view} />
        </div>
      )}
    </HistoryProvider>
  );
}
