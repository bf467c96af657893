import type { ComponentChildren, VNode } from 'preact';
import { useId, useState } from 'preact/hooks';

interface DropZoneProps {
  /** The kinds of files, as an `accept` attribute. */
  readonly accept: string;
  readonly children: ComponentChildren;
  readonly onFile: (file: File) => void;
}

/** Takes one file, dropped or chosen; choosing works with the keyboard too. */
export function DropZone({ accept, children, onFile }: DropZoneProps): VNode {
  const [over, setOver] = useState(false);
  const id = useId();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) onFile(file);
  };
  return (
    <div
      class={`drop-zone ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        class="unseen"
        type="file"
        id={id}
        accept={accept}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) onFile(file);
          // Without this, choosing the same file again, after it changed, would do nothing.
          currentTarget.value = '';
        }}
      />
      <label for={id}>{children}</label>
    </div>
  );
}
