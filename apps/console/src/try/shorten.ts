const SHOWN_CHARACTERS = 4000;

/** A text, cut to a readable length. */
export const shorten = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}\n… (${text.length} characters in all)` : text;
