/** One thing wrong with one value of a request. */
export interface Issue {
  readonly row?: number;
  readonly field?: string;
  readonly detail: string;
}

/** An error response of the server: RFC 9457 with Nestor's own members. */
export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly code?: string;
  /** What to do about it. */
  readonly action?: string;
  readonly errors?: readonly Issue[];
  readonly requestId?: string;
}

/** A failed request. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly problem: Problem,
    readonly status = 0,
  ) {
    super(problem.detail);
  }
}

/** What to show for anything thrown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  return { title: 'The console failed', detail: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** The problem in an error response, which may also come from a proxy. */
export async function problemIn(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.includes('json') === true) {
    const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
    if (typeof body?.detail === 'string') return { title: `HTTP ${response.status}`, ...body, detail: body.detail };
  }
  return { title: `HTTP ${response.status}`, detail: response.statusText || 'The response has no details.' };
}
