export { dynamicQuantisation } from './dynamic-quantisation.ts';
export { deadlyOperator } from './empty-dimensions/deadly-operators.ts';
export { entryFile } from './entry-file.ts';
export { readMetadata } from './metadata/read-metadata.ts';
export { linearOutputs } from './linear-outputs.ts';
export { inputsWithoutShape, rankByOperators } from './missing-shapes.ts';
export { classOutputs } from './model-file/class-outputs.ts';
export type {
  Attribute,
  Dimension,
  Graph,
  LocalFunction,
  ModelFile,
  Node,
  StoredTensor,
  Value,
} from './model-file/model-file.ts';
export { ModelLoadError } from './model-load-error.ts';
export { OnnxSession, type SessionOptions } from './onnx-session.ts';
export { OnnxSessions } from './onnx-sessions.ts';
export { operatorsByValue } from './operators-by-value.ts';
export { runRefusal } from './run-refusal.ts';
export { readRows, rowCandidates, type RowsReading } from './rows/read-rows.ts';
export { type PoolOptions, SessionPool } from './session-pool.ts';
export { rewrittenWeights } from './source/model-content.ts';
export { type ModelSource, readOnnxFile, readSource, sourceOfBytes } from './source/model-source.ts';
