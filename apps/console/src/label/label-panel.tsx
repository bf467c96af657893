import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { CodeBlock } from '../code/code-block.tsx';
import { DropZone } from '../parts/drop-zone.tsx';
import { formatCount, formatPercent } from '../parts/number.ts';
import { ProblemBox } from '../parts/problem-box.tsx';
import { LabelledView } from './labelled-view.tsx';
import { RowsTable } from './rows-table.tsx';
import { sampleFile } from './sample-file.ts';
import { type ChosenFile, useLabelling } from './use-labelling.ts';

/** Columns that are named; the sample file has all of them. */
const NAMED = 8;

interface LabelPanelProps {
  readonly model: ModelDescription;
  readonly version: string | undefined;
}

/** A file of rows in, the same file with predictions out. */
export function LabelPanel({ model, version }: LabelPanelProps): VNode {
  const chosen = useLabelling(model, version);
  const sample = useMemo(() => `data:text/csv;charset=utf-8,${encodeURIComponent(sampleFile(model))}`, [model]);
  const { file, outcome, progress } = chosen;
  // Of a file that is labelled in part, what there is.
  const labelled = useMemo(() => chosen.labelled(), [outcome, progress]);
  return (
    <div class="stack">
      <DropZone accept=".csv,.tsv,text/csv" onFile={(next) => void chosen.choose(next)}>
        <strong>Choose a CSV file</strong>, or drop one here
        <small>{columnsOf(model)} A file of any length will do.</small>
      </DropZone>
      <p class="quiet">
        No file at hand?{' '}
        <a href={sample} download={`${model.name}-sample.csv`}>
          Sample CSV file
        </a>
      </p>
      {file !== undefined && <Chosen chosen={chosen} model={model} />}
      {file !== undefined && labelled !== undefined && (
        <LabelledView labelled={labelled} fileName={file.name} actual={chosen.actual} target={model.target} />
      )}
      <CodeBlock
        call={{
          path: predictPath(model.name, version),
          contentType: 'text/csv',
          accept: 'text/csv',
          body: { file: 'data.csv' },
        }}
      />
    </div>
  );
}

/** What the file's columns are. */
function columnsOf({ features }: ModelDescription): string {
  const [first] = features;
  if (first?.byPosition !== true) {
    const names = features.filter(({ shape }) => shape.length === 0).map(({ name }) => name);
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    return `The first line names the columns: ${names.slice(0, NAMED).join(', ')}${more}. Others are passed on.`;
  }
  const count = first.shape[0] ?? 1;
  if (count < 0)
    return 'The first line names the columns: the model takes them in their order, whatever they are called.';
  return count === 1
    ? `The first line names the column, whatever it is called: the model has one and no name for it.`
    : `The first line names ${count} columns: the model takes them in their order, whatever they are called.`;
}

/** The file, what is being done with it, and what stands against that. */
function Chosen({ chosen, model }: { readonly chosen: ChosenFile; readonly model: ModelDescription }): VNode {
  const { file, preview, fault, outcome, progress } = chosen;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.scrollIntoView({ block: 'nearest' }), [file]);
  return (
    <section class="panel" aria-label="Chosen file" ref={panel}>
      <div class="row">
        <p class="grow">
          <strong>{file!.name}</strong> <span class="quiet">{formatCount(file!.size)} bytes</span>
        </p>
        {fault === undefined && <Actions chosen={chosen} />}
      </div>
      {fault !== undefined && <ProblemBox problem={fault} />}
      {(outcome.pending || progress.rows > 0) && progress.share < 1 && (
        <p class="progress">
          <progress value={progress.share} aria-label="Labelled so far" />
          <span>
            {formatCount(progress.rows)} rows, {formatPercent(progress.share)}
          </span>
        </p>
      )}
      {outcome.problem !== undefined && <ProblemBox problem={outcome.problem} />}
      {progress.rows === 0 && fault === undefined && !outcome.pending && <ActualColumn chosen={chosen} model={model} />}
      {progress.rows === 0 && preview.length > 0 && (
        <RowsTable caption="The first rows" header={preview[0]!} rows={preview.slice(1)} />
      )}
    </section>
  );
}

/** Which column of the file, if any, has what is to be predicted. */
function ActualColumn({
  chosen,
  model,
}: {
  readonly chosen: ChosenFile;
  readonly model: ModelDescription;
}): VNode | null {
  const features = new Set(model.features.map(({ name }) => name));
  const others = chosen.preview[0]!.filter((column) => !features.has(column));
  if (others.length === 0) return null;
  return (
    <p>
      <label>
        Compare the predictions with{' '}
        <select
          value={chosen.actual ?? ''}
          onChange={({ currentTarget }) => chosen.compareWith(currentTarget.value || undefined)}
        >
          <option value="">nothing</option>
          {others.map((column) => (
            <option key={column} value={column}>
              the column {column}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}

function Actions({ chosen: { outcome, progress, run, pause, startOver } }: { readonly chosen: ChosenFile }): VNode {
  if (outcome.pending)
    return (
      <button type="button" onClick={pause}>
        Pause
      </button>
    );
  if (progress.rows === 0)
    return (
      <button type="button" class="primary" onClick={run}>
        Label it
      </button>
    );
  return (
    <>
      {progress.share < 1 && (
        <button type="button" class="primary" onClick={run}>
          Continue
        </button>
      )}
      <button type="button" onClick={startOver}>
        Start over
      </button>
    </>
  );
}
