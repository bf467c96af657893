/** The mark that Excel, PowerShell and others write before UTF-8 text. It is not part of the text. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** A text without the mark before it. */
export const withoutMark = (text: string): string => (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
