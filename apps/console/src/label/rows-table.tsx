import type { VNode } from 'preact';

interface RowsTableProps {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many columns at the end the server added. They come first, so that they are seen beside many others. */
  readonly added?: number;
}

/** Some rows of a file. */
export function RowsTable({ caption, header, rows, added = 0 }: RowsTableProps): VNode {
  const columns = header.map((name, at) => ({ name, at, className: at >= header.length - added ? 'added' : '' }));
  const shown = [...columns.slice(columns.length - added), ...columns.slice(0, columns.length - added)];
  return (
    <div class="table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {shown.map(({ name, at, className }) => (
              <th key={at} scope="col" class={className}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {shown.map(({ at, className }) => (
                <td key={at} class={className}>
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
