import { NestorError } from '#errors';

const LIMITS = { headerPairs: 20, headerSize: 8192, fieldNameSize: 1000 };

/**
 * The contents of a multipart form's parts, in their order and whatever their names. The parser is loaded with the
 * first form, so servers without forms never load it.
 *
 * @throws NestorError MALFORMED_BODY, TOO_MANY_ROWS
 */
export async function filesOf(body: Buffer, contentType: string, maxFiles: number): Promise<Buffer[]> {
  const {
    default: { Busboy },
  } = await import('@fastify/busboy');
  return new Promise((resolve, reject) => {
    const malformed = (cause: unknown): void =>
      reject(new NestorError('MALFORMED_BODY', `The form could not be read: ${messageOf(cause)}.`, { cause }));
    const files: Buffer[] = [];
    try {
      const parser = new Busboy({
        headers: { 'content-type': contentType },
        isPartAFile: () => true,
        limits: { ...LIMITS, parts: maxFiles },
      });
      parser.on('file', (_field, stream) => {
        const chunks: Buffer[] = [];
        const at = files.push(Buffer.alloc(0)) - 1;
        stream.on('error', malformed).on('data', (chunk: Buffer) => void chunks.push(chunk));
        stream.on('end', () => (files[at] = Buffer.concat(chunks)));
      });
      parser.on('partsLimit', () =>
        reject(new NestorError('TOO_MANY_ROWS', `The form has more than ${maxFiles} pictures.`)),
      );
      parser.on('error', malformed).on('finish', () => resolve(files));
      parser.end(body);
    } catch (error) {
      malformed(error);
    }
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'it is not a multipart form';
}
