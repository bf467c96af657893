/** The encodings of a file. */
export const FORMS = ['utf-8', 'utf-8 with its mark', 'utf-16le', 'utf-16be'] as const;

/** A text as bytes; UTF-16 begins with its mark. */
export function encoded(text: string, form: (typeof FORMS)[number]): Uint8Array<ArrayBuffer> {
  if (form === 'utf-8') return Uint8Array.from(Buffer.from(text));
  if (form === 'utf-8 with its mark') return Uint8Array.from(Buffer.from(`\uFEFF${text}`));
  const littleEndian = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return Uint8Array.from(form === 'utf-16le' ? littleEndian : littleEndian.swap16());
}
