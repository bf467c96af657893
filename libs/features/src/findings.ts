import { type Issue, NestorError, quote } from '#errors';
import { Comparisons } from './near-names.ts';

/** Something unusual about a value; the model answers anyway. */
export interface Warning {
  /** Absent if it concerns all rows. */
  readonly row?: number;
  readonly field: string;
  readonly detail: string;
}

/** How many issues, and how many warnings, one answer lists before it only counts. */
export const MAX_FINDINGS = 100;

const NONE: readonly never[] = Object.freeze([]);

/** Everything that is wrong with the rows of one request, listed up to a limit and counted beyond it. */
export class Findings {
  issueCount = 0;
  /** For the names that were probably meant. */
  readonly comparisons = new Comparisons();
  /** Row-major index, within one row's tensor value, of the element now being written; -1 for a scalar feature. */
  element = -1;
  #issues: Issue[] | undefined;
  #warnings: Warning[] | undefined;
  #warningCount = 0;
  readonly #ofAll: Warning | undefined;

  /** @param ofAll warnings about all rows */
  constructor(ofAll?: Warning) {
    this.#ofAll = ofAll;
  }

  get issues(): readonly Issue[] {
    return this.#issues ?? NONE;
  }

  get warnings(): readonly Warning[] {
    const warnings = this.#warnings ?? NONE;
    return this.#ofAll === undefined ? warnings : [this.#ofAll, ...warnings];
  }

  /** False once the list is full: costly messages need not be made. */
  get listing(): boolean {
    return this.issueCount < MAX_FINDINGS;
  }

  /** Notes that a value is wrong; `what` follows the field's name in the sentence ("is missing"). */
  issue(row: number | undefined, field: string, what: string): void {
    this.#add(
      row === undefined
        ? { field, detail: `${field} ${what}` }
        : { row, field, detail: this.#sentence(row, field, what) },
    );
  }

  /** Notes that a whole row is wrong. */
  rowIssue(row: number, what: string): void {
    this.#add({ row, detail: `row ${row} ${what}` });
  }

  /** Notes that a value is unusual; beyond the limit, the last warning says how many more there are. */
  warn(row: number, field: string, what: string): void {
    const warnings = (this.#warnings ??= []);
    this.#warningCount += 1;
    if (this.#warningCount <= MAX_FINDINGS) {
      warnings.push({ row, field, detail: this.#sentence(row, field, what) });
      return;
    }
    const more = this.#warningCount - MAX_FINDINGS;
    const first = warnings[MAX_FINDINGS] ?? { row, field };
    warnings[MAX_FINDINGS] = {
      ...first,
      detail: `and ${more} more ${more === 1 ? 'warning' : 'warnings'}, from this row on`,
    };
  }

  /**
   * Ends the reading of a request.
   * @throws NestorError INVALID_ROWS if there was any issue
   */
  settle(): void {
    if (this.issueCount === 0) return;
    const issues = this.#issues!;
    const more = this.issueCount - issues.length;
    const detail = `${issues[0]!.detail}${this.issueCount > 1 ? ` (and ${this.issueCount - 1} more)` : ''}`;
    throw new NestorError('INVALID_ROWS', detail, {
      errors: more > 0 ? [...issues, { detail: `and ${more} more` }] : issues,
    });
  }

  #add(issue: Issue): void {
    this.issueCount += 1;
    if (this.issueCount <= MAX_FINDINGS) (this.#issues ??= []).push(issue);
  }

  #sentence(row: number, field: string, what: string): string {
    return `row ${row}: ${field}${this.element < 0 ? '' : ` (element ${this.element})`} ${what}`;
  }
}

/** How a message names a JSON value that is not of the right type. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the string ${quote(value)}`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const isPlain = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
  return isPlain ? String(value) : typeof value;
}
