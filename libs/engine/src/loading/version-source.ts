import { DetectionOptionsError } from '#detections';
import { FeatureError } from '#features';
import { ImageOptionsError, withoutPreset } from '#images';
import { type Manifest, RepositoryError } from '#models';
import { ModelLoadError } from '#onnx';
import { TextOptionsError } from '#text';

export interface VersionSource {
  readonly name: string;
  readonly version: string;
  /** The .onnx file. */
  readonly path: string;
  readonly manifest: Manifest;
  /** The manifest's path, for messages. */
  readonly manifestPath: string;
}

/** The source with the members of the `image` block's preset. */
export function withImagePreset(source: VersionSource): VersionSource {
  const { manifest } = source;
  return manifest.image === undefined
    ? source
    : { ...source, manifest: { ...manifest, image: withoutPreset(manifest.image) } };
}

/** Errors in a manifest, or in what it leaves out. */
const OF_THE_MANIFEST = [FeatureError, ImageOptionsError, DetectionOptionsError, TextOptionsError];

/** The error of a version as a message that names the place. */
export function explain({ name, version, manifestPath }: VersionSource, error: unknown): RepositoryError {
  if (error instanceof RepositoryError) return error;
  if (error instanceof ModelLoadError) return new RepositoryError(error.message, { cause: error });
  if (OF_THE_MANIFEST.some((kind) => error instanceof kind))
    return new RepositoryError(`${manifestPath}: ${(error as Error).message}`, { cause: error });
  const { message } = error as Error;
  return new RepositoryError(`Version ${version} of ${name} failed while it was warmed up: ${message}`, {
    cause: error,
  });
}
