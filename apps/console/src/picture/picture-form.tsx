import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type ModelDescription, predictPath } from '../api/models.ts';
import { type Answer, predict } from '../api/predict.ts';
import { CodeBlock } from '../code/code-block.tsx';
import { DropZone } from '../parts/drop-zone.tsx';
import { useLatest } from '../parts/use-latest.ts';
import { AnswerPanel } from '../try/answer-panel.tsx';
import { Drawing } from './drawing.tsx';
import type { Detection } from './detections.ts';
import { see, type SeenPicture } from './see.ts';
import { SeenPictureView } from './seen-picture.tsx';
import { SentPicture } from './sent-picture.tsx';

interface Recognised {
  readonly answer: Answer;
  readonly seen: SeenPicture;
}

interface PictureFormProps {
  readonly model: ModelDescription;
  readonly version: string | undefined;
}

/** Takes a picture, drawn or chosen. Shows it as the model sees it, and the model's answer. */
export function PictureForm({ model, version }: PictureFormProps): VNode {
  const [picture, setPicture] = useState<Blob>();
  const [recognised, recognise, clear] = useLatest<Recognised>();
  const path = predictPath(model.name, version);

  const show = (next: Blob): void => {
    setPicture(next);
    void recognise(async (signal) => {
      const [answer, seen] = await Promise.all([predict(path, next, next.type, signal), see(model.name, next, signal)]);
      return { answer, seen };
    });
  };
  // Ask the new version the same.
  useEffect(() => {
    if (picture !== undefined) show(picture);
  }, [path]);
  const drop = (): void => {
    setPicture(undefined);
    clear();
  };
  const drawn = model.image?.channels === 1;
  const { value, ...asked } = recognised;
  const [detections] = (value?.answer['detections'] ?? []) as (readonly Detection[])[];
  return (
    <div class="try">
      <section class="panel stack" aria-label="Picture">
        {(drawn || picture !== undefined) && (
          <div class="desk">
            {drawn && <Drawing onDrawn={show} onClear={drop} />}
            <div class="pictures">
              {picture !== undefined && <SentPicture picture={picture} detections={detections} />}
              {value !== undefined && <SeenPictureView picture={value.seen} />}
            </div>
          </div>
        )}
        <DropZone accept="image/png,image/jpeg,image/webp" onFile={show}>
          <strong>Choose a picture</strong>, or drop one here
          <small>PNG, JPEG or WebP.</small>
        </DropZone>
      </section>
      <div class="try-side">
        <AnswerPanel
          answer={{ ...asked, value: value?.answer }}
          model={model}
          invitation={
            drawn ? 'Draw to see the answer here after each stroke.' : 'Choose a picture to see the answer here.'
          }
        />
        <CodeBlock call={{ path, contentType: 'image/png', body: { file: 'picture.png' } }} />
      </div>
    </div>
  );
}
