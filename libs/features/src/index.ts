export { CsvReader } from './csv-reader.ts';
export { type Category, type DeclaredFeature, type Feature, FeatureError, type FeatureType } from './feature.ts';
export { MAX_FINDINGS, type Warning } from './findings.ts';
export { type Label } from './output-cells.ts';
export { type PredictionOptions } from './output-choice.ts';
export { type Labels, type Predictions, PredictionWriter } from './prediction-writer.ts';
export { resolveFeatures } from './resolve-features.ts';
export { RowReader, type RowReaderOptions, type Rows } from './row-reader.ts';
