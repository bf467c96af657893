interface Named {
  readonly name: string;
  readonly title?: string;
}

/** What the server says of a value, as a person at a form or a table reads it: JSON's types and the number of the row aside. */
export function issueText(detail: string, feature?: Named): string {
  const text = detail.replace(/^row \d+: /, '').replace(/ is the string (?=")/, ' is ');
  const { name, title } = feature ?? {};
  return title !== undefined && text.startsWith(`${name} `) ? `${title}${text.slice(name!.length)}` : text;
}
