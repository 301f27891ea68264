// The error of a failed request.

/** A failed request. `kind` says how it failed; `problem` is the API's RFC 9457 response, if there is one. */
export class ApiError extends Error {
  constructor(kind, { status, problem, retryAfter } = {}) {
    super(problem?.detail ?? kind);
    this.name = 'ApiError';
    /** `offline`, `timeout`, `key` (wrong, revoked or expired), `throttled`, `precondition`, `not-found`, `invalid`, `problem`. */
    this.kind = kind;
    this.status = status;
    this.problem = problem;
    /** Seconds. */
    this.retryAfter = retryAfter;
    /** `field` and `message` of every wrong field. */
    this.fields = problem?.errors ?? [];
  }

  /** The message of a field, or of the first one below it. */
  field(name) {
    const found = this.fields.find(({ field }) => field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`));
    return found?.message;
  }
}

/** The kind of a failure. API Gateway refuses keys with `{"message": …}` instead of a problem. */
export function kindOf(status, problem) {
  const isProblem = typeof problem?.type === 'string';
  if (status === 401 || (status === 403 && !isProblem)) return 'key';
  if (status === 429) return 'throttled';
  if (status === 412) return 'precondition';
  if (status === 404) return 'not-found';
  if (status === 422 || status === 400) return 'invalid';
  return 'problem';
}
