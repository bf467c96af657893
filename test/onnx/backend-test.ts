import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Values, valuesOf } from './values.ts';

/** A model of the suite as it is, and as exporters write it: its batch dimension open, or all of its dimensions. */
export const FORMS = ['as is', 'first open', 'all open'] as const;
export type Form = (typeof FORMS)[number];

/** A tensor, as it is sent or expected. */
export interface SuiteTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly values: Values;
}

/** One question, and what ONNX Runtime answers to it in Python. */
export interface Case {
  /** How its inputs were come by, such as "more rows". */
  readonly name: string;
  readonly inputs: readonly SuiteTensor[];
  /** Undefined where nobody knows what is right. */
  readonly outputs: readonly SuiteTensor[] | undefined;
  /** Whether the runtime refuses the inputs; the outputs, if there are any, are then the standard's own. */
  readonly refused: boolean;
}

/** A test's model in one form, with all that is asked of it. */
export interface Question {
  readonly test: BackendTest;
  /** `odd shapes`: the form with all dimensions open, asked for the sake of its shapes. */
  readonly form: Form | 'odd shapes';
  /** The .onnx file. */
  readonly path: string;
  /** Why the runtime does not load it in Python. */
  readonly refused: string | undefined;
  /** Whether its answers differ from run to run, so that only datatypes and shapes can be right. */
  readonly random: boolean;
  /** Reads the tensors anew: a suite's worth of them is too much to keep. */
  cases(): Case[];
}

export interface Value {
  readonly name: string;
  readonly kind: 'tensor' | 'sparse_tensor' | 'sequence' | 'optional' | 'map';
  /** The standard's name of a tensor's element type. */
  readonly type: string | null;
}

/** One of the standard's backend tests, as make.py wrote it. */
export interface BackendTest {
  readonly name: string;
  readonly operators: readonly string[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

interface WrittenTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

interface WrittenForm {
  readonly file: string;
  readonly refused?: string;
  readonly random?: boolean;
  readonly cases: readonly {
    readonly case: string;
    readonly inputs: readonly WrittenTensor[];
    readonly outputs?: readonly WrittenTensor[];
    readonly error?: string;
  }[];
}

/** What there is to ask of these tests, in each of their forms. */
export function readQuestions(folder: string, names: readonly string[]): Question[] {
  return names.flatMap((name) => {
    const written = JSON.parse(readFileSync(join(folder, name, 'test.json'), 'utf8')) as BackendTest & {
      readonly forms: Readonly<Partial<Record<Form, WrittenForm>>>;
    };
    return FORMS.flatMap((form) => {
      const one = written.forms[form];
      return one === undefined ? [] : [question(written, form, one, join(folder, name))];
    });
  });
}

function question(test: BackendTest, form: Form, written: WrittenForm, folder: string): Question {
  return {
    test,
    form,
    path: join(folder, written.file),
    refused: written.refused,
    random: written.random ?? false,
    cases() {
      const bytes = readFileSync(join(folder, 'tensors.bin'));
      const read = (tensors: readonly WrittenTensor[]) => tensors.map((tensor) => tensorOf(tensor, bytes));
      return written.cases.map(({ case: name, inputs, outputs = [], error }) => ({
        name,
        inputs: read(inputs),
        outputs: outputs.length > 0 ? read(outputs) : undefined,
        refused: error !== undefined,
      }));
    },
  };
}

function tensorOf({ name, datatype, shape, offset, bytes }: WrittenTensor, all: Uint8Array): SuiteTensor {
  const own = all.subarray(offset, offset + bytes);
  return { name, datatype, shape, bytes: own, values: valuesOf(datatype, own) };
}
