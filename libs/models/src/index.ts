export { readCard } from './card.ts';
export { findModels, fingerprintOf, type FoundModel, type FoundVersion } from './disk.ts';
export { parseManifest } from './manifest.ts';
export type { Detection as DetectionBlock, ImagePreprocessing, Manifest, ManifestFeature } from './manifest-type.ts';
export { RepositoryError } from './repository-error.ts';
export { type Target, type Targets, targetsOf } from './target.ts';
