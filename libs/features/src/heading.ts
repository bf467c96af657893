import { NestorError } from '#errors';
import { Column, type Field } from './column.ts';
import { describe, type Findings } from './findings.ts';
import type { Layout } from './layout.ts';

/** The columns of a table, matched with a model's features. */
export class Heading {
  /** The feature of each column; undefined for one to ignore. */
  readonly targets: readonly (Field | undefined)[];
  /** Features with a default that no column names. */
  readonly absent: readonly Column[];
  /** Whether every feature without a default has its column. */
  readonly complete: boolean;

  /** @param indexed whether the first column holds pandas' index labels, to be ignored */
  constructor(columns: readonly unknown[], layout: Layout, findings: Findings, indexed = false) {
    const unseen = new Set(layout.fields.values());
    this.targets = columns.map((name, at) => {
      if (indexed && at === 0) return undefined;
      const field = typeof name === 'string' ? layout.fields.get(name) : undefined;
      if (field !== undefined && !unseen.delete(field))
        findings.issue(undefined, field.name, 'is the name of two columns');
      return field;
    });
    layout.reportUnknown(indexed ? columns.slice(1) : columns, undefined, findings);
    const required = [...unseen].filter(({ hasDefault }) => !hasDefault);
    for (const field of required) field.reportAbsence(findings);
    this.complete = required.length === 0;
    this.absent = [...unseen].filter((field) => field instanceof Column).filter(({ hasDefault }) => hasDefault);
  }

  /** Whether a row is a list with a value for each column. */
  measures(values: unknown, row: number, findings: Findings): values is readonly unknown[] {
    const expected = this.targets.length;
    if (Array.isArray(values) && values.length === expected) return true;
    const what = Array.isArray(values)
      ? `has ${values.length} values; ${expected} are expected`
      : `is ${describe(values)}; a list of ${expected} values is expected`;
    findings.rowIssue(row, what);
    return false;
  }
}

/** @throws NestorError INVALID_REQUEST if rows of CSV would have to hold tensors */
export function refuseBlocks({ blocks }: Layout, { targets }: Heading): void {
  const block = blocks.find((one) => !one.hasDefault || targets.includes(one));
  if (block === undefined) return;
  throw new NestorError(
    'INVALID_REQUEST',
    `CSV cannot carry ${block.name}, whose value is a tensor: send the rows as JSON.`,
  );
}
