import {
  asyncBufferFromFile,
  type FileMetaData,
  type KeyValue,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { Failure } from '../../exit.ts';
import { columnOf, type ParquetColumn, typeOf } from './parquet-column.ts';

/** The values of a row group, column by column. */
export interface ParquetRowGroup {
  /** The first of its rows, in the file. */
  readonly from: number;
  readonly count: number;
  readonly columns: readonly ArrayLike<unknown>[];
}

/** Arrow's schema, which would lack the added columns. Without it, readers use the types of the columns. */
const ARROW_SCHEMA = 'ARROW:schema';

/** LZ4 makes a byte of nothing, which its reader takes for a match. */
const decompressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, decompress]): [string, typeof decompress] => [
    codec,
    (input, length) => (length === 0 ? new Uint8Array(0) : decompress(input, length)),
  ]),
);

/** A Parquet file, read one row group at a time. */
export class ParquetFile {
  readonly columns: readonly ParquetColumn[];
  readonly rows: number;
  readonly #path: string;
  readonly #metadata: FileMetaData;

  private constructor(path: string, columns: readonly ParquetColumn[], metadata: FileMetaData) {
    this.#path = path;
    this.columns = columns;
    this.#metadata = metadata;
    this.rows = Number(metadata.num_rows);
  }

  /** @throws Failure if the file is not Parquet, or has columns that cannot be copied */
  static async open(path: string): Promise<ParquetFile> {
    const metadata = await readable(path, async () =>
      parquetMetadataAsync(await asyncBufferFromFile(path), { geoparquet: false }),
    );
    const columns = parquetSchema(metadata).children.map(({ element, children }) => {
      if (children.length > 0 || element.repetition_type === 'REPEATED') throw refused(path, element.name, 'is nested');
      if (element.type === 'INT96') throw refused(path, element.name, 'is INT96, a deprecated type for timestamps');
      return columnOf(element);
    });
    const names = columns.map(({ name }) => name);
    const twice = names.length === new Set(names).size ? undefined : names.find((one, at) => names.indexOf(one) < at);
    if (twice !== undefined) throw new Failure(`${path}: two columns are called ${twice}: rename one of them.`);
    const rows = metadata.row_groups.reduce((sum, { num_rows: count }) => sum + count, 0n);
    if (rows !== metadata.num_rows)
      throw new Failure(`${path} cannot be read as Parquet: it says ${metadata.num_rows} rows and has ${rows}.`);
    return new ParquetFile(path, columns, metadata);
  }

  /** The file's metadata that stays true with more columns. */
  get remarks(): KeyValue[] {
    return (this.#metadata.key_value_metadata ?? []).filter(({ key }) => key !== ARROW_SCHEMA);
  }

  /** @throws Failure if the file is damaged, or its compression is unknown */
  async *rowGroups(): AsyncGenerator<ParquetRowGroup, void, void> {
    const [root] = this.#metadata.schema;
    const metadata = { ...this.#metadata, schema: [root!, ...this.columns.map(({ stored }) => stored)] };
    const file = await asyncBufferFromFile(this.#path);
    const options = {
      file,
      metadata,
      compressors: decompressors,
      utf8: false,
      geoparquet: false,
      useOffsetIndex: false,
    };
    const scan = await readable(this.#path, () => parquetScan(options));
    for (const { rowStart, rowEnd } of scan.ranges) {
      const columns: ArrayLike<unknown>[] = [];
      for (const { name } of this.columns) {
        const values = await readable(this.#path, () => scan.readColumn({ column: name, rowStart, rowEnd }));
        if (values.length !== rowEnd - rowStart)
          throw new Failure(`${this.#path} cannot be read as Parquet: ${name} lacks values of some rows.`);
        columns.push(values);
      }
      yield { from: rowStart, count: rowEnd - rowStart, columns };
    }
  }
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && !('syscall' in error))
      throw new Failure(`${path} cannot be read as Parquet: ${error.message}.`, { cause: error });
    throw error;
  }
}

const refused = (path: string, column: string, why: string): Failure =>
  new Failure(`${path}: the column ${column} ${why}. Drop it, or write it as columns of single values.`);

/** @throws Failure for columns whose types no feature has */
export function refuseTypes(path: string, columns: readonly ParquetColumn[]): void {
  for (const { name, element, toFeature } of columns) {
    if (toFeature !== undefined) continue;
    const is = `the column ${name} is of type ${typeOf(element)}`;
    throw new Failure(
      `${path}: ${is}, and features are numbers, booleans or strings. Write the column as one of these.`,
    );
  }
}
