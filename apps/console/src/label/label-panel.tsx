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

/** How many columns the hint names; the sample file has all of them. */
const NAMED = 8;

interface LabelPanelProps {
  readonly model: ModelDescription;
  readonly version: string | undefined;
}

/** Takes a file of rows, and offers the same file with predictions. */
export function LabelPanel({ model, version }: LabelPanelProps): VNode {
  const chosen = useLabelling(model, version);
  const sample = useMemo(() => `data:text/csv;charset=utf-8,${encodeURIComponent(sampleFile(model))}`, [model]);
  const { file, outcome, progress } = chosen;
  // While the file is labelled in part, the view shows that part.
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

/** A hint about the file's columns. */
function columnsOf({ features }: ModelDescription): string {
  const [first] = features;
  if (first?.byPosition !== true) {
    const names = features.filter(({ shape }) => shape.length === 0).map(({ name }) => name);
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    return `The first line names the columns: ${names.slice(0, NAMED).join(', ')}${more}. The labelled file keeps any other columns.`;
  }
  const count = first.shape[0] ?? 1;
  if (count < 0) return 'The first line names the columns. The model takes them by position, so any names will do.';
  return count === 1
    ? `The first line names the column. The model takes one column, so any name will do.`
    : `The first line names ${count} columns. The model takes them by position, so any names will do.`;
}

/** The file, its progress, and any problem with it. */
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

/** Asks which column of the file, if any, has the actual values. */
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
        Label the file
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
