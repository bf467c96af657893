import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

const SIDE = 280;
const PEN = 20;

interface DrawingProps {
  /** The drawing as a PNG, after each stroke. */
  readonly onDrawn: (picture: Blob) => void;
  readonly onClear: () => void;
}

/** A canvas to draw on with a pen. */
export function Drawing({ onDrawn, onClear }: DrawingProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const paper = (): CanvasRenderingContext2D => canvas.current!.getContext('2d')!;
  const clean = (): void => {
    const context = paper();
    context.fillStyle = '#fff';
    context.fillRect(0, 0, SIDE, SIDE);
    Object.assign(context, { lineWidth: PEN, lineCap: 'round', lineJoin: 'round', strokeStyle: '#000' });
  };
  useEffect(clean, []);

  /** From the page's pixels to the paper's. */
  const at = ({ offsetX, offsetY }: PointerEvent): [number, number] => {
    const scale = SIDE / canvas.current!.clientWidth;
    return [offsetX * scale, offsetY * scale];
  };
  const begin = (event: PointerEvent): void => {
    canvas.current!.setPointerCapture(event.pointerId);
    paper().beginPath();
    paper().moveTo(...at(event));
    draw(event);
  };
  const draw = (event: PointerEvent): void => {
    if (!canvas.current!.hasPointerCapture(event.pointerId)) return;
    const [x, y] = at(event);
    // A line without length would be invisible, so a dot needs a tiny offset.
    paper().lineTo(x + 0.01, y);
    paper().stroke();
  };
  const end = (): void => canvas.current!.toBlob((picture) => picture && onDrawn(picture), 'image/png');

  return (
    <div class="drawing">
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label="Canvas to draw on with a pointer. You can choose a file instead."
        onPointerDown={begin}
        onPointerMove={draw}
        onPointerUp={end}
      />
      <button
        type="button"
        class="small"
        onClick={() => {
          clean();
          onClear();
        }}
      >
        Clear
      </button>
    </div>
  );
}
