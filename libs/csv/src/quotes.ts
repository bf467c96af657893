/** The state of quotes at the end of a line of CSV. If they are open, the record continues on the next line. */
export type Quotes = 'closed' | 'open' | 'wrong';

/**
 * Quotes open at the start of a cell and close at its end. Between them, two quotes mean one.
 *
 * @param open whether the line begins between quotes
 */
export function quotesAtEnd(line: string, open: boolean, separator: string): Quotes {
  let isOpen = open;
  for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) {
    if (!isOpen) {
      if (at > 0 && line[at - 1] !== separator) return 'wrong';
      isOpen = true;
    } else if (line[at + 1] === '"') {
      at += 1;
    } else {
      if (at + 1 < line.length && line[at + 1] !== separator) return 'wrong';
      isOpen = false;
    }
  }
  return isOpen ? 'open' : 'closed';
}

/** The cells of a record with correct quotes. */
export function unquoted(record: string, separator: string): string[] {
  const cells: string[] = [];
  for (let from = 0; from <= record.length;) {
    const isQuoted = record[from] === '"';
    const start = isQuoted ? closingQuote(record, from) + 1 : from;
    const next = record.indexOf(separator, start);
    const end = next === -1 ? record.length : next;
    cells.push(isQuoted ? record.slice(from + 1, end - 1).replaceAll('""', '"') : record.slice(from, end));
    from = end + 1;
  }
  return cells;
}

function closingQuote(record: string, opening: number): number {
  let at = record.indexOf('"', opening + 1);
  while (record[at + 1] === '"') at = record.indexOf('"', at + 2);
  return at;
}
