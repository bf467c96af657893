import type { VNode } from 'preact';
import { listModels, type ModelList } from '../api/models.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { finds } from '../parts/search.ts';
import { SearchField } from '../parts/search-field.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { ModelCard } from './model-card.tsx';

const REFRESH_MS = 5000;
/** How many cards a page has. With more models, the page has a search field. */
const CARDS = 24;

/** Numbers in names count as numbers: model-9 comes before model-10. */
const byName = new Intl.Collator('en', { numeric: true });

/** The search text, and the page of its results. */
export interface Listing {
  readonly search: string;
  readonly page: number;
}

interface OverviewPageProps {
  readonly listing: Listing;
  readonly onList: (listing: Listing) => void;
}

/** The served models with their states and loads. */
export function OverviewPage({ listing, onList }: OverviewPageProps): VNode {
  const { value, problem } = useLoaded('models', listModels, REFRESH_MS);
  return (
    <>
      <h1>Models</h1>
      <p class="lead">These are the models on this server. Open one to try it.</p>
      {problem !== undefined && <ProblemBox problem={problem} />}
      {value?.models.length === 0 && <p>No model is served yet.</p>}
      {value !== undefined && <Cards list={value} listing={listing} onList={onList} />}
    </>
  );
}

function Cards({ list, listing: { search, page }, onList }: OverviewPageProps & { readonly list: ModelList }): VNode {
  const found = list.models
    .filter(({ name, title, description, task }) => finds(search, [name, title, description, task]))
    .toSorted(
      (a, b) => Number(b.name === list.default) - Number(a.name === list.default) || byName.compare(a.name, b.name),
    );
  const pages = Math.max(1, Math.ceil(found.length / CARDS));
  // Models may have been removed since.
  const shown = Math.min(page, pages - 1);
  const turn = (to: number): void => {
    onList({ search, page: to });
    scrollTo(0, 0);
  };
  return (
    <>
      {list.models.length > CARDS && (
        <SearchField
          label="Find a model"
          value={search}
          found={`${found.length} of ${list.models.length}`}
          onSearch={(next) => onList({ search: next, page: 0 })}
        />
      )}
      <ul class="cards">
        {found.slice(shown * CARDS, (shown + 1) * CARDS).map((model) => (
          <ModelCard key={model.name} model={model} isDefault={model.name === list.default} />
        ))}
      </ul>
      {pages > 1 && (
        <nav class="turn" aria-label="Pages of models">
          <button type="button" disabled={shown === 0} onClick={() => turn(shown - 1)}>
            Previous
          </button>
          <span>
            Page {shown + 1} of {pages}
          </span>
          <button type="button" disabled={shown === pages - 1} onClick={() => turn(shown + 1)}>
            Next
          </button>
        </nav>
      )}
    </>
  );
}
