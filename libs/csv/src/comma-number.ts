const WITH_COMMA = /^\s*[+-]?\d[\d.]*,\d+(?:[eE][+-]?\d+)?\s*$/;

/**
 * Whether a text is a number with a comma. The comma may be a decimal point (`5,1`) or a thousands separator (`1,234`),
 * and the text does not show which, so such a text is never read as a number.
 */
export const isCommaNumber = (text: string): boolean => WITH_COMMA.test(text);

/** How messages tell the user to write it. */
export const WITHOUT_COMMAS = 'with a decimal point and without commas';
