import type { TextTokenizer } from './tokenizer.ts';
import type { Tokens } from './tokens.ts';
import { placesOfTokens } from './places.ts';

/** A part of a text, and what it is. */
export interface Entity {
  /** Without the prefix that marks beginnings: PER of B-PER. */
  readonly label: string;
  /** The mean probability of its tokens. */
  readonly score: number;
  /** As it stands in the text that was sent. */
  readonly text: string;
  /** Where it begins and ends there, in UTF-16 units, as JavaScript's strings count. */
  readonly start: number;
  readonly end: number;
}

/** What is said of one token. */
interface Tagged {
  readonly label: string;
  readonly isBeginning: boolean;
  readonly score: number;
}

/** What a 32-bit float holds. */
const DIGITS = 7;
/** The label of tokens that are nothing. */
const OUTSIDE = 'O';

/**
 * The entities of a text: tokens that follow each other with the same label are one, as transformers' pipelines group them
 * with the strategy "simple".
 *
 * @param logits of the text's tokens, those around it included: a row of `labels.length` numbers each
 */
export function entitiesOf(
  text: string,
  tokens: Tokens,
  logits: Float32Array,
  labels: readonly string[],
  tokenizer: TextTokenizer,
): Entity[] {
  const [from, to] = tokens.text;
  const places = placesOfTokens(text, tokens, tokenizer);
  const entities: { label: string; scores: number[]; first: number; last: number }[] = [];
  let before = OUTSIDE;
  for (let at = from; at < to; at += 1) {
    const { label, isBeginning, score } = tagged(logits.subarray(at * labels.length, (at + 1) * labels.length), labels);
    if (label !== OUTSIDE) {
      if (label === before && !isBeginning) {
        const entity = entities.at(-1)!;
        entity.scores.push(score);
        entity.last = at - from;
      } else entities.push({ label, scores: [score], first: at - from, last: at - from });
    }
    before = label;
  }
  const written = entities.map(({ label, scores, first, last }) => {
    const [start, end] = [places[first]![0], places[last]![1]];
    const score = scores.reduce((sum, one) => sum + one, 0) / scores.length;
    return { label, score: Number(score.toPrecision(DIGITS)), text: text.slice(start, end), start, end };
  });
  // Tokens of nothing but a space are no part of a text that could be shown.
  return written.filter(({ start, end }) => start < end);
}

/** The labels that entities may have, by those that the model gives tokens. */
export function entityLabels(labels: readonly string[]): string[] {
  return [...new Set(labels.map(labelOf))].filter((label) => label !== OUTSIDE);
}

function tagged(logits: Float32Array, labels: readonly string[]): Tagged {
  let best = 0;
  for (let id = 1; id < logits.length; id += 1) if (logits[id]! > logits[best]!) best = id;
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - logits[best]!), 0);
  const tag = labels[best]!;
  return { label: labelOf(tag), isBeginning: tag.startsWith('B-'), score: 1 / sum };
}

/** A token's label without the prefix that marks beginnings: PER of B-PER and of I-PER. */
const labelOf = (tag: string): string => tag.replace(/^[BI]-/, '');
