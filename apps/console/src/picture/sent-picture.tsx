import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { coloursOf, type Detection } from './detections.ts';

interface SentPictureProps {
  readonly picture: Blob;
  /** The objects in it, if the model detects objects. */
  readonly detections: readonly Detection[] | undefined;
}

/** The sent picture, with boxes around its objects. */
export function SentPicture({ picture, detections }: SentPictureProps): VNode {
  const url = useMemo(() => URL.createObjectURL(picture), [picture]);
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>();
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <figure class={detections === undefined ? undefined : 'boxed'}>
      <div class="sent">
        <img
          src={url}
          alt="The picture that you sent"
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setSize({ width, height })}
        />
        {size !== undefined && detections !== undefined && <Boxes size={size} detections={detections} />}
      </div>
      <figcaption>Your picture</figcaption>
    </figure>
  );
}

interface BoxesProps {
  readonly size: { readonly width: number; readonly height: number };
  readonly detections: readonly Detection[];
}

/** Hidden from screen readers, which read the list of objects instead. */
function Boxes({ size, detections }: BoxesProps): VNode {
  const colours = coloursOf(detections);
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} aria-hidden="true">
      {detections.map(({ label, box }, at) => (
        <rect key={at} {...box} fill="none" stroke={colours.get(label)} vector-effect="non-scaling-stroke" />
      ))}
    </svg>
  );
}
