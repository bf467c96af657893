import { parse } from 'content-type';

/**
 * The media type that a Content-Type header names, in lower case and without its parameters; empty without a header.
 */
export function mediaTypeOf(contentType: string | undefined): string {
  // Nearly every request has this one, which needs no parsing.
  if (contentType === undefined || contentType === 'application/json') return contentType ?? '';
  return parse(contentType, { parameters: false }).type;
}
