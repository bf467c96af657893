/** What Excel, PowerShell and others write before a text in UTF-8. It is no part of the text. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** A text without the mark before it. */
export const withoutMark = (text: string): string => (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
