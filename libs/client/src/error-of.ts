import { CATALOGUE, type ErrorCode, type Issue, NestorError } from '#errors';

/** The code for a status, if the response has none: a protocol whose errors are texts, or a proxy, sent it. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  404: 'UNKNOWN_MODEL',
  413: 'BODY_TOO_LARGE',
  422: 'INVALID_TENSOR',
  429: 'RATE_LIMITED',
  502: 'MODEL_NOT_READY',
  503: 'MODEL_NOT_READY',
  504: 'DEADLINE_EXCEEDED',
};

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && code in CATALOGUE;

/** The error that a server answered with. */
export async function errorOf(response: Response): Promise<NestorError> {
  const { status, headers } = response;
  const text = await response.text();
  const said = parsed(text);
  const code = isCode(said['code'])
    ? said['code']
    : (BY_STATUS[status] ?? (status < 500 ? 'INVALID_REQUEST' : 'INTERNAL'));
  const detail = [said['detail'], said['error']].find((one) => typeof one === 'string');
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new NestorError(code, detail ?? `The server answered ${status}.`, {
    ...(Array.isArray(said['errors']) && { errors: said['errors'] as Issue[] }),
    ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }),
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
