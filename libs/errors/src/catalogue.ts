/** A catalogue entry for one kind of error; each protocol renders it in its own form. */
export interface ErrorEntry {
  /** HTTP status. */
  readonly status: number;
  /** gRPC status code number (google.rpc.Code). */
  readonly grpc: number;
  /** One short sentence that is the same for every occurrence. */
  readonly title: string;
  /** What the caller can do about it. */
  readonly action: string;
  /** The same for an application that runs models in its own process, without the server's settings and paths. */
  readonly embedded?: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
}

/** The gRPC status codes that errors map to, by their names in google.rpc.Code. */
export const GRPC_STATUS = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

type GrpcName = keyof typeof GRPC_STATUS;

const entry = (status: number, grpc: GrpcName, title: string, action: string, retryable = false): ErrorEntry => ({
  status,
  grpc: GRPC_STATUS[grpc],
  title,
  action,
  retryable,
});

const withEmbedded = (one: ErrorEntry, embedded: string): ErrorEntry => ({ ...one, embedded });

/** Every error that a client can get, by its stable code. A retired code is never used again. */
export const CATALOGUE = {
  MALFORMED_BODY: entry(
    400,
    'INVALID_ARGUMENT',
    'The body could not be read.',
    'Send a well-formed body of the media type that Content-Type names.',
  ),
  MALFORMED_REQUEST: entry(
    400,
    'INVALID_ARGUMENT',
    'The request is not valid HTTP.',
    'Send a request of HTTP/1.1, such as any HTTP library writes.',
  ),
  EMPTY_BODY: entry(400, 'INVALID_ARGUMENT', 'The request has no body.', 'Send the rows to predict as JSON or CSV.'),
  UNAUTHENTICATED: entry(
    401,
    'UNAUTHENTICATED',
    'An API key is needed.',
    'Send a valid key as "Authorization: Bearer <key>" or "X-API-Key: <key>".',
  ),
  ADMIN_OFF: entry(
    403,
    'PERMISSION_DENIED',
    'Administration is off.',
    'Start the server with ADMIN=on and a key file to change models while it runs.',
  ),
  UNKNOWN_PATH: entry(404, 'NOT_FOUND', 'There is nothing at this path.', 'See GET / for what is served.'),
  UNKNOWN_MODEL: entry(404, 'NOT_FOUND', 'There is no such model.', 'See GET /models for the models that are served.'),
  UNKNOWN_VERSION: entry(
    404,
    'NOT_FOUND',
    'The model has no such version.',
    'See GET /models/{name} for the versions that are served.',
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    'UNIMPLEMENTED',
    'This path does not take this method.',
    'Use one of the methods in the Allow header.',
  ),
  BODY_TIMEOUT: entry(
    408,
    'DEADLINE_EXCEEDED',
    'The request did not arrive in time.',
    'Send the request again over a faster connection.',
    true,
  ),
  BODY_TOO_LARGE: entry(
    413,
    'RESOURCE_EXHAUSTED',
    'The body is too large.',
    'Send less at once, or have MAX_BODY_BYTES raised.',
  ),
  TOO_MANY_ROWS: withEmbedded(
    entry(
      413,
      'RESOURCE_EXHAUSTED',
      'The request has too many rows.',
      'Send fewer rows at once, or have MAX_ROWS raised.',
    ),
    'Send fewer rows at once, or have maxRows raised.',
  ),
  IMAGE_TOO_LARGE: entry(
    413,
    'RESOURCE_EXHAUSTED',
    'A picture is too large.',
    'Scale it down before you send it: the model takes a small one anyway.',
  ),
  UNSUPPORTED_MEDIA_TYPE: entry(
    415,
    'INVALID_ARGUMENT',
    'This media type is not understood here.',
    'Send application/json or text/csv; pictures to image models only.',
  ),
  INVALID_REQUEST: entry(
    422,
    'INVALID_ARGUMENT',
    'The request does not have the right form.',
    'Send rows in one of the documented forms.',
  ),
  INVALID_ROWS: entry(
    422,
    'INVALID_ARGUMENT',
    'Some values are not what the model takes.',
    'Correct the fields listed in errors.',
  ),
  INVALID_IMAGE: entry(
    422,
    'INVALID_ARGUMENT',
    'A picture could not be read.',
    'Send whole, still pictures as PNG, JPEG or WebP.',
  ),
  INVALID_TENSOR: entry(
    422,
    'INVALID_ARGUMENT',
    'A tensor is not what the model takes.',
    "Send each input with the name, datatype and shape of the model's metadata.",
  ),
  INPUT_REFUSED: entry(
    422,
    'INVALID_ARGUMENT',
    'The model does not take the values or the lengths of an input.',
    'Correct the input that the detail names: an index beyond a table, or a length that the model was not made for.',
  ),
  NO_ROWS: entry(422, 'INVALID_ARGUMENT', 'The request has no rows.', 'Send at least one row.'),
  UNLOADABLE_MODEL: entry(
    422,
    'FAILED_PRECONDITION',
    'The model on disk cannot be served.',
    'Correct the files that the detail names, and load the model again. What was served before is still served.',
  ),
  UNSUPPORTED_PARAMETER: entry(
    422,
    'INVALID_ARGUMENT',
    'A parameter of the request is not supported.',
    'Leave the parameter out, or give it a value that is documented.',
  ),
  RATE_LIMITED: entry(
    429,
    'RESOURCE_EXHAUSTED',
    'Too many requests from this client.',
    'Wait for the time in Retry-After.',
    true,
  ),
  HEADERS_TOO_LARGE: entry(
    431,
    'RESOURCE_EXHAUSTED',
    'The headers are too large.',
    'Send less than 16 KiB of headers.',
  ),
  CANCELLED: entry(499, 'CANCELLED', 'The client closed the request.', 'Nothing: the client left before the answer.'),
  INTERNAL: withEmbedded(
    entry(
      500,
      'INTERNAL',
      'Something went wrong inside Nestor.',
      "Report it with the request id; the server's log has the cause.",
    ),
    "Report it; the application's log has the cause.",
  ),
  MODEL_FAILED: withEmbedded(
    entry(
      500,
      'INTERNAL',
      'The model failed on rows that fit its signature.',
      "Report it with the request id; the server's log has the runtime's message.",
    ),
    "Report it; the application's log has the runtime's message.",
  ),
  QUEUE_FULL: entry(
    503,
    'UNAVAILABLE',
    'The queue of the model is full.',
    'Try again after the time in Retry-After.',
    true,
  ),
  MEMORY_FULL: entry(
    503,
    'UNAVAILABLE',
    'Requests under way use all the memory that is reserved for them.',
    'Try again after the time in Retry-After.',
    true,
  ),
  MODEL_NOT_READY: entry(
    503,
    'UNAVAILABLE',
    'The model is not ready.',
    'Try again after the time in Retry-After; if the model could not be loaded, correct its files first.',
    true,
  ),
  DEADLINE_EXCEEDED: entry(
    504,
    'DEADLINE_EXCEEDED',
    'The answer was not ready before the deadline.',
    'Try again, with a later deadline or fewer rows.',
    true,
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
