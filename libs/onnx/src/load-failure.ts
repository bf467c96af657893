import { dirname, relative } from 'node:path';
import { ModelLoadError } from './model-load-error.ts';
import { LACKING_LOCALE } from './locale.ts';
import { runtimeVersion } from './runtime.ts';

/** Of a file that is no model, or not all of one. */
export const INCOMPLETE =
  'it is not a complete ONNX file: cut short while it was copied, or of another format. ' +
  'Copy it again, and check it with onnx.checker.check_model(path).';

const EXTERNAL_DATA =
  'could not be read. Put the data file beside the .onnx file, under the name it had when the model was saved.';

/** The oldest opset that ONNX Runtime has all operators of. */
const OLDEST_OPSET = 7;

/** Said of a graph whose nodes disagree on double and float, as skl2onnx writes it from float64 columns. */
const MIXED_PRECISION =
  /Type \(\S*tensor\((?:float|double)\)\S* of output arg [^]*?does not match expected type \(\S*tensor\((?:float|double)\)+|Type 'tensor\(double\)' of input parameter \(.*?\) of operator \(ZipMap\)/;

/** What the runtime says when it refuses a file, and what that means to whoever exported it. The first match counts. */
const EXPLANATIONS: readonly (readonly [RegExp, (match: RegExpMatchArray) => string])[] = [
  [
    /Opset (\d+) is under development[^]*till opset (\d+)/,
    ([, opset, newest]) =>
      `it is made for opset ${opset}, and ONNX Runtime ${runtimeVersion} takes opsets up to ${newest}. ` +
      `Export it with an opset of ${newest} or lower (in PyTorch opset_version=, in skl2onnx target_opset=).`,
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    ([, version, newest]) =>
      `its IR version is ${version}, and ONNX Runtime ${runtimeVersion} takes IR versions up to ${newest}. ` +
      `Export it with an older onnx package, or set model.ir_version = ${newest} and save it again.`,
  ],
  [/Protobuf parsing failed|does not have a graph/, () => INCOMPLETE],
  [
    /No Op registered for (\S+)|No opset import for domain '([^']+)'|(\S+) is not a registered function\/op/,
    (match) =>
      `it needs an operator that ONNX Runtime ${runtimeVersion} does not have (${match[1] ?? match[2] ?? match[3]}). ` +
      'Custom operators cannot be loaded: export the model with standard operators only.',
  ],
  [
    /Type '(tensor\((?:bfloat16|u?int[24]|float[48]\w*)\))' of input parameter \(.*?\) of operator \((\w+)\)/,
    ([, type, operator]) =>
      `its operator ${operator} works on ${type}, which ONNX Runtime ${runtimeVersion} does not compute with. ` +
      'Export it in float32 or float16; weights of few bits are to pass a DequantizeLinear first.',
  ],
  [
    /Op registered for (\S+) is deprecated in domain_version of (\d+)/,
    ([, operator, opset]) =>
      `its operator ${operator} is no longer one of opset ${opset}, for which it is made. ` +
      'Convert it from the opset that it was written for with onnx.version_converter, or export it again.',
  ],
  [
    /Could not find an implementation for (\w+)\(/,
    ([, operator]) =>
      `ONNX Runtime ${runtimeVersion} has no implementation of its operator ${operator} for these datatypes on the CPU. ` +
      'Export it in float32.',
  ],
  [
    MIXED_PRECISION,
    ([words]) =>
      `parts of it are written for doubles and parts for floats (${words}). ` +
      'skl2onnx does so if it is given float64 columns: export it again from float32 columns (docs/exports.md).',
  ],
  [
    LACKING_LOCALE,
    ([words, locale]) =>
      `its operator StringNormalizer asks for the locale ${locale}, which this machine lacks (${words}). ` +
      'Install it (on Debian and Ubuntu: apt install locales, then locale-gen), or set LOCPATH to a folder that has it.',
  ],
  [
    /external data|model_path|(?:open|stat|GetFileLength)[^:]*file/i,
    () => `its weights lie in an external data file that ${EXTERNAL_DATA}`,
  ],
];

/**
 * The runtime's refusal of a model file as an error that says what to do.
 * @param opset of the standard operators, where the file says so
 */
export function explainLoadFailure(path: string, opset: number | undefined, thrown: unknown): ModelLoadError {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  if (opset !== undefined && opset < OLDEST_OPSET && /Could not find an implementation/.test(said))
    return new ModelLoadError(path, tooOld(opset), { cause: thrown });
  for (const [pattern, explain] of EXPLANATIONS) {
    const match = said.match(pattern);
    if (match) return new ModelLoadError(path, explain(match), { cause: thrown });
  }
  return new ModelLoadError(path, `ONNX Runtime ${runtimeVersion} could not load it: ${said.trim()}`, {
    cause: thrown,
  });
}

function tooOld(opset: number): string {
  return (
    `it is made for opset ${opset}, and ONNX Runtime ${runtimeVersion} has the operators of opset ${OLDEST_OPSET} and later. ` +
    'Convert it with onnx.version_converter.convert_version(model, 17), or export it with a newer opset.'
  );
}

/** A model file that cannot be read at all; the runtime's own words for that are less clear. */
export function explainUnreadable(path: string, error: unknown): ModelLoadError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR')
    return new ModelLoadError(path, 'this is not a file. Name the .onnx file itself.', { cause: error });
  const reason = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
  return new ModelLoadError(path, `${reason}. Check the path and its permissions.`, { cause: error });
}

/** A file of weights that cannot be read. */
export function explainUnreadableData(path: string, data: string, error: unknown): ModelLoadError {
  const { code } = error as NodeJS.ErrnoException;
  const detail = `its weights lie in an external data file, ${relative(dirname(path), data)} (${code}), that ${EXTERNAL_DATA}`;
  return new ModelLoadError(path, detail, { cause: error });
}
