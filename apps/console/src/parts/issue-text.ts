interface Named {
  readonly name: string;
  readonly title?: string;
}

/** The server's message about a value, without the row's number and JSON types, for people at a form or a table. */
export function issueText(detail: string, feature?: Named): string {
  const text = detail.replace(/^row \d+: /, '').replace(/ is the string (?=")/, ' is ');
  const { name, title } = feature ?? {};
  return title !== undefined && text.startsWith(`${name} `) ? `${title}${text.slice(name!.length)}` : text;
}
