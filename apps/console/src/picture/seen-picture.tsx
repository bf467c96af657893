import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { SeenPicture } from './see.ts';

/** The picture as the model sees it, pixel by pixel. */
export function SeenPictureView({ picture }: { readonly picture: SeenPicture }): VNode {
  const { width, height, channels, levels } = picture;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    const image = context.createImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      for (let colour = 0; colour < 3; colour += 1)
        image.data[4 * pixel + colour] = levels[channels * pixel + (channels === 1 ? 0 : colour)]!;
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [picture]);
  return (
    <figure>
      <canvas
        ref={canvas}
        class="pixels"
        {...{ width, height }}
        role="img"
        aria-label={`The picture as the model sees it, ${width} by ${height} pixels`}
      />
      <figcaption>
        What the model sees, {width} × {height}
      </figcaption>
    </figure>
  );
}
