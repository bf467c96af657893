import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { isAdministered } from '../api/admin.ts';
import { cardOf, describeModel, type ModelDescription } from '../api/models.ts';
import { LabelPanel } from '../label/label-panel.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { PictureForm } from '../picture/picture-form.tsx';
import { CompareTexts } from '../text/compare-texts.tsx';
import { RecordForm } from '../try/record-form.tsx';
import { Failures } from './failures.tsx';
import { ModelDetails } from './model-details.tsx';
import { modelHref } from './route.ts';
import { Versions } from './versions.tsx';

const REFRESH_MS = 5000;

interface View {
  readonly path: string;
  readonly title: string;
}

/** One model: its description and state, and its views. */
export function ModelPage({ name, view: wanted }: { readonly name: string; readonly view: string }): VNode {
  const { value: model, problem, reload } = useLoaded(name, () => describeModel(name), REFRESH_MS);
  const { value: card } = useLoaded(name, () => cardOf(name), 60 * REFRESH_MS);
  const { value: administered = false } = useLoaded('administration', isAdministered, 60 * REFRESH_MS);
  const [version, setVersion] = useState<string>();
  if (model === undefined)
    return problem === undefined ? <p class="quiet">Loading …</p> : <ProblemBox problem={problem} />;
  const views = viewsOf(model, card);
  const view = views.find(({ path }) => path === wanted)?.path ?? '';
  const served = model.served.map((one) => one.version);
  return (
    <>
      {problem !== undefined && <ProblemBox problem={problem} />}
      <p class="crumb">
        <a href="#/">Models</a>
      </p>
      <h1>{model.title ?? model.name}</h1>
      {model.description !== undefined && <p class="lead">{model.description}</p>}
      <div class="row model-state">
        <Versions versions={model.versions} />
        {served.length > 1 && (
          <label>
            use version{' '}
            <select value={version ?? served[0]} onChange={({ currentTarget }) => setVersion(currentTarget.value)}>
              {served.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Failures model={model} administered={administered} onLoaded={reload} />
      <nav class="views" aria-label="Views of the model">
        {views.map(({ path, title }) => (
          <a key={path} href={modelHref(name, path)} aria-current={path === view ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <Views views={views} model={model} view={view} version={version} card={card} />
    </>
  );
}

function viewsOf(model: ModelDescription, card: string | null | undefined): View[] {
  return [
    { path: '', title: 'Try it' },
    ...(model.task === 'text-embedding' ? [{ path: 'compare', title: 'Compare texts' }] : []),
    ...(takesCsv(model) ? [{ path: 'label', title: 'Label a file' }] : []),
    { path: 'details', title: 'Details' },
    ...(card ? [{ path: 'card', title: 'Card' }] : []),
  ];
}

/** CSV can hold scalars, or columns by position. It has no column for a tensor, which needs a default. */
const takesCsv = ({ features, image }: ModelDescription): boolean =>
  image === undefined &&
  features.length > 0 &&
  features.every(
    (feature) => feature.shape.length === 0 || feature.byPosition === true || feature.default !== undefined,
  );

interface ViewProps {
  readonly model: ModelDescription;
  readonly view: string;
  readonly version: string | undefined;
  readonly card: string | null | undefined;
}

/** The visible view, and those opened before, which stay hidden so that their answers are not lost. */
function Views({ views, view, ...props }: ViewProps & { readonly views: readonly View[] }): VNode {
  const opened = useRef(new Set<string>());
  opened.current.add(view);
  return (
    <>
      {views
        .filter(({ path }) => opened.current.has(path))
        .map(({ path }) => (
          <div key={path} hidden={path !== view}>
            <ViewOf {...props} view={path} />
          </div>
        ))}
    </>
  );
}

function ViewOf({ model, view, version, card }: ViewProps): VNode {
  if (view === 'card') return <article class="panel card-text" dangerouslySetInnerHTML={{ __html: card ?? '' }} />;
  if (view === 'details') return <ModelDetails model={model} />;
  if (model.served.length === 0) return <p>No version of this model is ready, so there is nothing to try.</p>;
  if (view === 'compare') return <CompareTexts model={model} version={version} />;
  if (view === 'label') return <LabelPanel model={model} version={version} />;
  if (model.image !== undefined) return <PictureForm model={model} version={version} />;
  // A change of features makes a new form.
  const features = model.features.map(({ name }) => name).join();
  return <RecordForm key={features} model={model} version={version} />;
}
