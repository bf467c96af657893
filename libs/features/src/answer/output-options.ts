import type { Detector } from '#detections';
import type { Activation } from './class-table.ts';
import type { Label } from './output-cells.ts';

/** What an output of a model is. */
export type OutputKind =
  'label' | 'probabilities' | 'scores' | 'value' | 'embedding' | 'state' | 'entities' | 'detections';

/** What a manifest says of one key of the answer. */
export interface OutputWish {
  /** The model's output. */
  readonly from: string;
  readonly as?: OutputKind;
  /** What makes probabilities of it. */
  readonly activation?: Activation;
  /** The classes, in the order of the columns. */
  readonly labels?: readonly Label[];
  /** The least probability of a label that is predicted. */
  readonly threshold?: number;
  /** For people. */
  readonly title?: string;
  readonly unit?: string;
}

/** What a model shows of an output without a word in the manifest: by its graph, or by what it answers. */
export interface ShownOutput {
  readonly labels?: readonly Label[];
  /** "classes" where a row's values sum to 1, "each" where each is a probability of its own, as Sigmoid gives them. */
  readonly probabilities?: 'classes' | 'each';
}

/** What is said of rows for which an output [N] of booleans is true. */
export interface RowWarning {
  /** The output, which is answered as nothing else. */
  readonly from: string;
  /** The field that is meant. */
  readonly field: string;
  /** What follows its name in the sentence. */
  readonly what: string;
}

export interface PredictionOptions {
  /** Reads the objects of pictures: they stand in the place of the prediction, and nothing is beside them. */
  readonly detector?: Detector | undefined;
  readonly rowWarnings?: readonly RowWarning[];
  /** Key of the answer → the model's output. */
  readonly outputs?: Readonly<Record<string, string | OutputWish>>;
  /** The classes, in the order of the columns of the probabilities or scores. */
  readonly labels?: readonly Label[];
  /** By the model's output. */
  readonly shown?: ReadonlyMap<string, ShownOutput>;
}
