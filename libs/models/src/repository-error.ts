/**
 * Something on disk that cannot be served, or not as asked: the sentence names the file and says what to do. It is for
 * whoever runs the server (start, log, model status), never an answer to a request.
 */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
}
