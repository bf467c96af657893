import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A file to label: rows of a shipped model, repeated. */
export interface Task {
  readonly id: string;
  /** The name of its rows, for a heading. */
  readonly rows: string;
  /** The model's folder. */
  readonly model: string;
  readonly header: string;
  /** Rows of the file, with scikit-learn's predictions. */
  readonly samples: readonly { readonly row: string; readonly expected: Expected }[];
}

export interface Expected {
  readonly prediction: string | number;
  /** The probability of the prediction, for a classifier. */
  readonly probability?: number;
}

const HOUSES = 'models/housing';
const WINES = 'models/wine';
/** From the models' cards: relative for prices, absolute for probabilities. */
const TOLERANCE = 1e-4;

export function tasks(): readonly Task[] {
  return [houses(), wines()];
}

/** The rows around the trees' split points, where a wrong price is most likely. */
function houses(): Task {
  const csv = gunzipSync(readFileSync(`${HOUSES}/training/split-points.csv.gz`)).toString();
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  const priceAt = (line: string): number => line.lastIndexOf(',');
  const samples = lines.map((line) => ({
    row: line.slice(0, priceAt(line)),
    expected: { prediction: Number(line.slice(priceAt(line) + 1)) },
  }));
  return { id: 'houses', rows: 'houses', model: HOUSES, header: header.slice(0, priceAt(header)), samples };
}

interface Golden {
  readonly records: readonly Readonly<Record<string, number>>[];
  readonly prediction: readonly string[];
  readonly probabilities: readonly Readonly<Record<string, number>>[];
}

function wines(): Task {
  const golden = JSON.parse(readFileSync(`${WINES}/training/golden.json`, 'utf8')) as Golden;
  const samples = golden.records.map((record, at) => {
    const prediction = golden.prediction[at]!;
    const probability = golden.probabilities[at]![prediction]!;
    return { row: Object.values(record).join(','), expected: { prediction, probability } };
  });
  return { id: 'wines', rows: 'wines', model: WINES, header: Object.keys(golden.records[0]!).join(','), samples };
}

/** Whether the last cells of a labelled line agree with scikit-learn. */
export function isRight(line: string, { prediction, probability }: Expected): boolean {
  const cells = line.split(',');
  if (probability === undefined) {
    return Math.abs(Number(cells.at(-1)) - Number(prediction)) <= TOLERANCE * Number(prediction);
  }
  return cells.at(-2) === prediction && Math.abs(Number(cells.at(-1)) - probability) <= TOLERANCE;
}
