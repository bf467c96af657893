const MAX_LISTED = 10;

/** Names for a message. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ', …' : '');
}

/** A client's text, cut to a length fit for a message. */
export function clip(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
