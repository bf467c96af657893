import type { ModelVersion } from '#engine';
import type { Manifest } from '#models';

/** The manifest of a model whose file shows that it detects objects: all that the server takes from there, to be changed. */
export function detectorManifest(
  name: string,
  model: Pick<ModelVersion, 'manifest' | 'detector'>,
): Manifest | undefined {
  const { manifest, detector } = model;
  if (detector === undefined) return undefined;
  const { labels, image } = manifest;
  return {
    title: name,
    task: 'object-detection',
    ...(labels && { labels }),
    ...(image && { image }),
    detection: detector.options,
  };
}
