import type { VNode } from 'preact';

interface RowsTableProps {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many columns at the end the server added. */
  readonly added?: number;
}

/** Some rows of a file. */
export function RowsTable({ caption, header, rows, added = 0 }: RowsTableProps): VNode {
  const isAnswer = (at: number): boolean => at >= header.length - added;
  return (
    <div class="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {header.map((name, at) => (
              <th key={at} scope="col" class={isAnswer(at) ? 'added' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {header.map((_name, at) => (
                <td key={at} class={isAnswer(at) ? 'added' : ''}>
                  {row[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
