const WITH_COMMA = /^\s*[+-]?\d[\d.]*,\d+(?:[eE][+-]?\d+)?\s*$/;

/**
 * Whether a text is a number with a comma in it. Whether that is the decimal point (`5,1`) or stands between thousands (`1,234`),
 * nothing in it tells: it is never read as either.
 */
export const isCommaNumber = (text: string): boolean => WITH_COMMA.test(text);

/** What a message says of it. */
export const WITHOUT_COMMAS = 'with a decimal point and without commas';
