import type { ModelVersion } from '#engine';
import type { Manifest } from '#models';

/** The manifest of an object detector: every value that the server reads from its file, for the user to change. */
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
