import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { CodeBlock } from '../code/code-block.tsx';
import { formatCount, formatPercent } from '../parts/number.ts';
import { DropZone } from '../parts/drop-zone.tsx';
import { ProblemBox } from '../parts/problem-box.tsx';
import { useLatest } from '../parts/use-latest.ts';
import { peek } from './csv-file.ts';
import { type Labelled, labelFile, type Progress } from './label-file.ts';
import { LabelledView } from './labelled-view.tsx';
import { RowsTable } from './rows-table.tsx';

const PREVIEW_ROWS = 6;

interface Chosen {
  readonly file: File;
  readonly preview: readonly (readonly string[])[];
}

interface LabelPanelProps {
  readonly model: ModelDescription;
  readonly version: string | undefined;
}

/** What the file's columns are. */
function columnsOf({ features }: ModelDescription): string {
  const [first] = features;
  if (first?.byPosition !== true) {
    const names = features.filter(({ shape }) => shape.length === 0).map(({ name }) => name);
    return `The first line names the columns: ${names.join(', ')}. Others are passed on.`;
  }
  const count = first.shape[0] ?? 1;
  if (count < 0)
    return 'The first line names the columns: the model takes them in their order, whatever they are called.';
  return count === 1
    ? `The first line names the column, whatever it is called: the model has one and no name for it.`
    : `The first line names ${count} columns: the model takes them in their order, whatever they are called.`;
}

/** A file of rows in, the same file with predictions out. */
export function LabelPanel({ model, version }: LabelPanelProps): VNode {
  const [chosen, setChosen] = useState<Chosen>();
  const [progress, setProgress] = useState<Progress>({ rows: 0, share: 0 });
  const [labelled, start, clear] = useLatest<Labelled>();
  const path = predictPath(model.name, version);

  const choose = async (file: File): Promise<void> => {
    clear();
    setChosen({ file, preview: await peek(file, PREVIEW_ROWS + 1) });
  };
  const label = (file: File): void => {
    setProgress({ rows: 0, share: 0 });
    void start((signal) => labelFile(file, path, signal, setProgress));
  };
  return (
    <div class="stack">
      <DropZone accept=".csv,text/csv" onFile={(file) => void choose(file)}>
        <strong>Choose a CSV file</strong>, or drop one here
        <small>{columnsOf(model)} A file of any length will do.</small>
      </DropZone>
      {chosen !== undefined && (
        <section class="panel" aria-label="Chosen file">
          <div class="row">
            <p class="grow">
              <strong>{chosen.file.name}</strong> <span class="quiet">{formatCount(chosen.file.size)} bytes</span>
            </p>
            {labelled.pending ? (
              <button type="button" onClick={clear}>
                Stop
              </button>
            ) : (
              <button type="button" class="primary" onClick={() => label(chosen.file)}>
                Label it
              </button>
            )}
          </div>
          {labelled.pending && (
            <p class="progress">
              <progress value={progress.share} aria-label="Labelled so far" />
              <span>
                {formatCount(progress.rows)} rows, {formatPercent(progress.share)}
              </span>
            </p>
          )}
          {labelled.problem !== undefined && <ProblemBox problem={labelled.problem} />}
          {labelled.value === undefined && (
            <RowsTable caption="The first rows" header={chosen.preview[0] ?? []} rows={chosen.preview.slice(1)} />
          )}
        </section>
      )}
      {chosen !== undefined && labelled.value !== undefined && (
        <LabelledView labelled={labelled.value} fileName={chosen.file.name} target={model.target} />
      )}
      <CodeBlock call={{ path, contentType: 'text/csv', accept: 'text/csv', body: { file: 'data.csv' } }} />
    </div>
  );
}
