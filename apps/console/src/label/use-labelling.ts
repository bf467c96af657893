import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';
import { type Latest, useLatest } from '../parts/use-latest.ts';
import { isLabelled, type ModelDescription, predictPath } from '../api/models.ts';
import { peek } from './csv-file.ts';
import { type Labelled, Labelling, type Progress } from './labelling.ts';

const PREVIEW_ROWS = 6;
const NONE: Progress = { rows: 0, share: 0 };

/** The chosen file, and how far it is labelled. */
export interface ChosenFile {
  readonly file: File | undefined;
  /** Its header and first rows. */
  readonly preview: readonly (readonly string[])[];
  /** Why the file has nothing to label. */
  readonly fault: Problem | undefined;
  readonly progress: Progress;
  readonly outcome: Latest<Labelled>;
  /** The column with the actual values, if it is known. */
  readonly actual: string | undefined;
  readonly compareWith: (column: string | undefined) => void;
  readonly choose: (file: File) => Promise<void>;
  /** Labels the rest. */
  readonly run: () => void;
  readonly pause: () => void;
  readonly startOver: () => void;
  /** The labelled file, or while labelling is paused, the labelled part. */
  readonly labelled: () => Labelled | undefined;
}

interface Chosen {
  readonly file: File;
  readonly preview: readonly (readonly string[])[];
  readonly fault: Problem | undefined;
  readonly actual: string | undefined;
}

/** @param version the chosen version; after a change, labelling starts again from the first row */
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
    // One version labels the whole file, even if another one is loaded meanwhile.
    const path = predictPath(model.name, version ?? model.served[0]!.version);
    setLabelling(new Labelling(next.file, { path, actual: next.actual, isQuantity: !isLabelled(model) }));
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
    return { title: 'The file is empty', detail: 'Choose a file with a header line and at least one row.' };
  if (preview.length === 1)
    return {
      title: 'The file has no rows',
      detail: 'It has only a header line. Add at least one row.',
    };
  return undefined;
}
