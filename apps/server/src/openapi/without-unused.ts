import type { Schema } from './schema.ts';

const LOCAL = '#/components/';
type Components = Readonly<Record<string, Readonly<Record<string, Schema>>>>;

/** A document without unused components: not every served model uses all that the protocols share. */
export function withoutUnused(document: Schema): Schema {
  const { securitySchemes, ...components } = document['components'] as Components;
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (key !== '$ref' || typeof member !== 'string' || !member.startsWith(LOCAL)) visit(member);
      else if (!used.has(member)) {
        used.add(member);
        const [kind, name] = member.slice(LOCAL.length).split('/') as [string, string];
        visit(components[kind]?.[name]);
      }
    }
  };
  visit(document['paths']);
  const kept = Object.entries(components).map(([kind, all]) => [
    kind,
    Object.fromEntries(Object.entries(all).filter(([name]) => used.has(`${LOCAL}${kind}/${name}`))),
  ]);
  return { ...document, components: { ...(Object.fromEntries(kept) as Components), securitySchemes } };
}
