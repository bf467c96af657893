import type { Detector } from '#detections';
import type { Activation } from './class-table.ts';
import type { Label } from './output-cells.ts';

/** The kind of a model's output. */
export type OutputKind =
  'label' | 'probabilities' | 'scores' | 'value' | 'embedding' | 'state' | 'entities' | 'detections';

/** A manifest's options for one key of the answer. */
export interface OutputWish {
  /** The model's output. */
  readonly from: string;
  readonly as?: OutputKind;
  /** Turns it into probabilities. */
  readonly activation?: Activation;
  /** The classes, in the order of the columns. */
  readonly labels?: readonly Label[];
  /** The lowest probability at which a label is predicted. */
  readonly threshold?: number;
  /** For people. */
  readonly title?: string;
  readonly unit?: string;
}

/** What the graph or the answers of a model show about an output, without the manifest. */
export interface ShownOutput {
  readonly labels?: readonly Label[];
  /** "classes" if a row's values sum to 1; "each" if they are independent probabilities, as from Sigmoid. */
  readonly probabilities?: 'classes' | 'each';
}

/** The warning for rows for which an output [N] of booleans is true. */
export interface RowWarning {
  /** The output, which has no member of its own. */
  readonly from: string;
  /** The field that the warning is about. */
  readonly field: string;
  /** The part of the sentence after the field's name. */
  readonly what: string;
}

export interface PredictionOptions {
  /** Reads the objects of pictures. They replace the prediction, and the answer has no other outputs. */
  readonly detector?: Detector | undefined;
  readonly rowWarnings?: readonly RowWarning[];
  /** Key of the answer → the model's output. */
  readonly outputs?: Readonly<Record<string, string | OutputWish>>;
  /** The classes, in the order of the columns of the probabilities or scores. */
  readonly labels?: readonly Label[];
  /** By the model's output. */
  readonly shown?: ReadonlyMap<string, ShownOutput>;
}
