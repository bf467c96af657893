import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { Feature } from '../api/models.ts';
import { Breakable } from '../parts/breakable.tsx';
import { formatNumber } from '../parts/number.ts';
import { sliderOf } from './slider.ts';
import type { Remark } from './use-record.ts';

interface FieldProps {
  readonly feature: Feature;
  readonly value: string;
  readonly remark: Remark | undefined;
  /** Whether it is the model's only feature; a text is then likely to be long. */
  readonly alone: boolean;
  /** The user is typing, and the value may be incomplete. */
  readonly onType: (value: string) => void;
  /** The user chose a complete value with the slider or from a list. */
  readonly onChoose: (value: string) => void;
}

/** One feature of a record: its name, unit and description, and a control of its type. */
export function Field({ feature, value, remark, alone, onType, onChoose }: FieldProps): VNode {
  const { name, title, unit, description } = feature;
  const id = useId();
  const hint = hintOf(feature);
  const slider = sliderOf(feature);
  const isLong = alone && isAnyText(feature);
  const describedBy = [description && `${id}-about`, hint && `${id}-hint`, remark && `${id}-remark`];
  return (
    <div class={`field ${remark?.kind ?? ''} ${feature.shape.length > 0 || isLong ? 'field-wide' : ''}`}>
      <label for={id}>
        <span>
          <Breakable name={title ?? name} />
        </span>
        {title !== undefined && title !== name && <code title={name}>{name}</code>}
      </label>
      <div class="control">
        <Control
          feature={feature}
          id={id}
          value={value}
          isLong={isLong}
          invalid={remark?.kind === 'error'}
          describedBy={describedBy.filter(Boolean).join(' ')}
          onType={onType}
          onChoose={onChoose}
        />
        {unit !== undefined && <span class="unit">{unit}</span>}
      </div>
      {slider !== undefined && (
        <input
          type="range"
          aria-label={`${title ?? name}, slider`}
          {...slider}
          value={Number.isFinite(Number.parseFloat(value)) ? value : (slider.min + slider.max) / 2}
          onInput={({ currentTarget }) => onChoose(currentTarget.value)}
        />
      )}
      {remark !== undefined && (
        <p class="remark" id={`${id}-remark`}>
          {remark.text}
        </p>
      )}
      {description !== undefined && (
        <p class="hint" id={`${id}-about`}>
          {description}
        </p>
      )}
      {hint !== '' && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface ControlProps {
  readonly feature: Feature;
  readonly id: string;
  readonly value: string;
  readonly isLong: boolean;
  readonly invalid: boolean;
  readonly describedBy: string;
  readonly onType: (value: string) => void;
  readonly onChoose: (value: string) => void;
}

function Control({ feature, id, value, isLong, invalid, describedBy, onType, onChoose }: ControlProps): VNode {
  const { type, shape, categories, seenCategories } = feature;
  const common = {
    id,
    value,
    'aria-invalid': invalid,
    'aria-describedby': describedBy,
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) => onType(currentTarget.value),
  };
  const choices = categories ?? (type === 'boolean' ? [true, false] : undefined);
  if (shape.length > 0) return <textarea {...common} rows={6} spellcheck={false} />;
  if (isLong) return <textarea {...common} class="prose" rows={6} />;
  if (choices !== undefined) {
    return (
      <select {...common} onInput={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="">(none)</option>
        {choices.map((choice) => (
          <option key={String(choice)} value={String(choice)}>
            {String(choice)}
          </option>
        ))}
      </select>
    );
  }
  const isText = type === 'string';
  const list = seenCategories === undefined ? undefined : `${id}-list`;
  return (
    <>
      <input
        {...common}
        type="text"
        autocomplete="off"
        inputMode={isText ? 'text' : 'decimal'}
        {...(list && { list })}
      />
      {list !== undefined && (
        <datalist id={list}>
          {seenCategories?.map((choice) => (
            <option key={String(choice)} value={String(choice)} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** Whether the feature is a text without known values. */
const isAnyText = ({ type, shape, categories, seenCategories }: Feature): boolean =>
  type === 'string' && shape.length === 0 && categories === undefined && seenCategories === undefined;

/** A hint: which values are allowed or usual, and whether the field may be empty. */
function hintOf({ type, shape, range, seen, seenCategories, missing, default: fallback }: Feature): string {
  const between = ([low, high]: readonly [number, number]): string => `${formatNumber(low)} to ${formatNumber(high)}`;
  return [
    shape.length > 0 &&
      `A JSON list of shape ${shape.map((size) => (size === -1 ? 'any' : size)).join(' × ')} of ${type}s.`,
    range && `Allowed: ${between(range)}.`,
    seen && `Seen in training: ${between(seen)}.`,
    seenCategories &&
      `Seen in training: ${seenCategories.slice(0, 6).join(', ')}${seenCategories.length > 6 ? ', …' : ''}.`,
    fallback !== undefined &&
      `Default${shape.length > 0 && !Array.isArray(fallback) ? ' of each element' : ''}: ${JSON.stringify(fallback)}.`,
    missing === true && 'Optional.',
  ]
    .filter(Boolean)
    .join(' ');
}
