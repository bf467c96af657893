import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';
import { type Latest, useLatest } from '../parts/use-latest.ts';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { peek } from './csv-file.ts';
import { type Labelled, Labelling, type Progress } from './labelling.ts';

const PREVIEW_ROWS = 6;
const NONE: Progress = { rows: 0, share: 0 };

/** A file that was chosen, and how far it is labelled. */
export interface ChosenFile {
  readonly file: File | undefined;
  /** Its header and first rows. */
  readonly preview: readonly (readonly string[])[];
  /** Why there is nothing in it to label. */
  readonly fault: Problem | undefined;
  readonly progress: Progress;
  readonly outcome: Latest<Labelled>;
  /** The column that has the actual values, where it is known. */
  readonly actual: string | undefined;
  readonly compareWith: (column: string | undefined) => void;
  readonly choose: (file: File) => Promise<void>;
  /** Labels what has no labels yet. */
  readonly run: () => void;
  readonly pause: () => void;
  readonly startOver: () => void;
  /** All that is labelled, or in a pause the part that is. */
  readonly labelled: () => Labelled | undefined;
}

interface Chosen {
  readonly file: File;
  readonly preview: readonly (readonly string[])[];
  readonly fault: Problem | undefined;
  readonly actual: string | undefined;
}

/** @param version that a person chose; with another one, the file waits to be labelled anew */
export function useLabelling(model: ModelDescription, version: string | undefined): ChosenFile {
  const [chosen, setChosen] = useState<Chosen>();
  const [labelling, setLabelling] = useState<Labelling>();
  const [progress, setProgress] = useState(NONE);
  const [outcome, start, clear] = useLatest<Labelled>();

  const begin = (next: Chosen | undefined): void => {
    clear();
    setProgress(NONE);
    setChosen(next);
    if (next === undefined) return;
    // One version labels all of a file, whatever is loaded meanwhile.
    const path = predictPath(model.name, version ?? model.served[0]!.version);
    const isQuantity = model.task !== 'classification' && model.outputs?.[0]?.as !== 'label';
    setLabelling(new Labelling(next.file, { path, actual: next.actual, isQuantity }));
  };
  const choose = async (file: File): Promise<void> => {
    const [preview, unreadable] = await peek(file, PREVIEW_ROWS + 1).then(
      (rows) => [rows, undefined] as const,
      (error: unknown) => [[], problemOf(error)] as const,
    );
    const actual = preview[0]?.find((column) => column === model.target?.name);
    begin({ file, preview, fault: unreadable ?? faultOf(preview), actual });
  };
  useEffect(() => begin(chosen), [version]);
  return {
    ...{ file: chosen?.file, preview: chosen?.preview ?? [], fault: chosen?.fault },
    ...{ progress, outcome, choose, pause: clear },
    run: () => void start((signal) => labelling!.run(signal, setProgress)),
    startOver: () => begin(chosen),
    actual: chosen?.actual,
    compareWith: (actual) => begin(chosen && { ...chosen, actual }),
    labelled: () => (outcome.pending || progress.rows === 0 ? undefined : (outcome.value ?? labelling?.labelled())),
  };
}

function faultOf(preview: readonly (readonly string[])[]): Problem | undefined {
  if (preview.length === 0)
    return { title: 'The file is empty', detail: 'A header line and at least one row are expected.' };
  if (preview.length === 1)
    return {
      title: 'The file has no rows',
      detail: 'It has a header line alone; at least one row is expected below it.',
    };
  return undefined;
}
