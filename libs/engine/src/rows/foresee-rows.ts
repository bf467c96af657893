import { type Manifest, RepositoryError } from '#models';
import { type ModelFile, readRows } from '#onnx';
import { DYNAMIC, type RowsKind, type Signature } from '#tensor';
import type { RowsTest } from '#inference';
import { decided, type RowsDecision } from './rows-decision.ts';
import { meaningfulSymbols } from './symbols.ts';

/** Operators that run along a sequence: they mix time steps or tokens, not rows. */
const SEQUENTIAL = new Set([
  'LSTM',
  'GRU',
  'RNN',
  'Scan',
  'Loop',
  'CumSum',
  'Conv',
  'ConvTranspose',
  'DFT',
  'STFT',
  'Attention',
  'MultiHeadAttention',
]);

/** What is known about a model's rows before it runs. */
export interface RowsForeseen {
  /** Undefined if tests must decide. */
  readonly decision: RowsDecision | undefined;
  /** The kind if rows turn out to affect each other, or if tests cannot decide. */
  readonly otherwise: RowsKind;
  /** What the graph left open, for people. */
  readonly unknown: string | undefined;
}

/**
 * Decides what a model's first dimension is, as far as that needs no run: by the manifest, or else the signature, or
 * else the graph.
 *
 * @throws RepositoryError if the manifest asks for rows that the signature does not have
 */
export function foreseeRows(
  manifest: Manifest,
  signature: Signature,
  file: ModelFile,
  manifestPath: string,
): RowsForeseen {
  const open = (decision: RowsDecision | undefined, otherwise: RowsKind = 'one-by-one', unknown?: string) => ({
    decision,
    otherwise,
    unknown,
  });
  const bySignature = rowsOfSignature(signature, file);
  if (manifest.rows !== undefined) return open(byManifest(manifest.rows, bySignature, manifestPath));
  if (bySignature !== undefined) return open(bySignature);
  const symbols = meaningfulSymbols(signature, file);
  const tabular = (manifest.features?.length ?? 0) > 0;
  const otherwise = symbols.size > 0 && !tabular ? 'none' : 'one-by-one';
  if (manifest.batching?.enabled === false)
    return open(
      decided(otherwise, 'manifest', '"batching": {"enabled": false} in model.json lets no rows share a run.'),
    );
  const reading = readRows(file, new Map(signature.inputs.map(({ name }) => [name, true])));
  switch (reading.kind) {
    case 'independent':
      return open(decided('independent', 'graph', 'The graph keeps rows apart at every node.'));
    case 'within-request':
      return open(decided('none', 'graph', reading.why));
    case 'mixes': {
      const kind = !tabular && SEQUENTIAL.has(reading.operator ?? '') ? 'none' : otherwise;
      return open(decided(kind, 'graph', reading.why));
    }
    case 'unknown': {
      const [hint] = symbols;
      if (hint === undefined || tabular) return open(undefined, otherwise, reading.why);
      const [input, symbol] = hint;
      const reason = `The graph leaves open what it does with rows (${reading.why}), and the input "${input}" calls its first dimension "${symbol}".`;
      return open(decided('none', 'signature', reason));
    }
  }
}

/** The decision after the tests at load. */
export function rowsAfterTests({ otherwise, unknown }: RowsForeseen, test: RowsTest): RowsDecision {
  const because = unknown === undefined ? '' : ` The graph leaves it open: ${unknown}`;
  switch (test.outcome) {
    case 'agree':
      return decided('independent', 'tests', `${test.reason}${because}`);
    case 'no-rows':
      return decided('none', 'tests', test.reason);
    case 'disagree':
      return decided(otherwise, 'tests', test.reason);
    case 'untested':
      return decided(otherwise, 'tests', `${test.reason}${because}`);
  }
}

/** The decision by shapes and symbols; undefined if all inputs may have the same rows. */
function rowsOfSignature(signature: Signature, file: ModelFile): RowsDecision | undefined {
  const { inputs } = signature;
  if (inputs.length === 0) return decided('none', 'signature', 'The model has no inputs.');
  const rowless = inputs.find(({ shape }) => shape[0] !== DYNAMIC && shape[0] !== 1);
  if (rowless !== undefined)
    return none(`The input "${rowless.name}" of shape ${shown(rowless.shape)} has no dimension for rows.`);
  const single = inputs.find(({ shape }) => shape[0] === 1);
  const many = inputs.find(({ shape }) => shape[0] === DYNAMIC);
  if (single !== undefined && many === undefined)
    return decided('one-by-one', 'signature', `The input "${single.name}" takes one row at a time.`, true);
  if (single !== undefined)
    return none(`The input "${single.name}" has one row whatever the first dimension of "${many!.name}" is.`);
  const symbols = [...meaningfulSymbols(signature, file)];
  const [first] = symbols;
  const other = symbols.find(([, symbol]) => symbol !== first![1]);
  if (other === undefined) return undefined;
  return none(
    `The inputs "${first![0]}" and "${other[0]}" have first dimensions of their own, "${first![1]}" and "${other[1]}".`,
  );
}

const none = (reason: string): RowsDecision => decided('none', 'signature', reason);

function byManifest(kind: RowsKind, bySignature: RowsDecision | undefined, manifestPath: string): RowsDecision {
  if (kind !== 'none' && bySignature?.kind === 'none')
    throw new RepositoryError(
      `${manifestPath}: "rows" is "${kind}", but the model has no rows. ${bySignature.reason} Take "rows" away, or write "none".`,
    );
  if (kind !== 'none' && bySignature?.oneAtATime === true) return { ...bySignature, by: 'manifest' };
  return decided(kind, 'manifest', '"rows" in model.json says so.');
}

const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
