/** A minimal gRPC server for the model: the echo, with the micro-batched session of bare.ts in between. */
import { ModelInfer, serveInfer } from './grpc-infer.ts';
import { COLUMNS, type House, predictBatched } from './session.ts';

interface InferRequest {
  readonly raw_input_contents: readonly Buffer[];
}

serveInfer<InferRequest, object>(ModelInfer, ({ request }, callback) => {
  const bytes = request.raw_input_contents[0]!;
  const house = Object.fromEntries(COLUMNS.map((column, at) => [column, bytes.readFloatLE(4 * at)])) as House;
  predictBatched([house]).then(
    (prices) =>
      callback(null, {
        model_name: 'housing',
        model_version: '1',
        outputs: [{ name: 'price', datatype: 'FP32', shape: [1, 1] }],
        raw_output_contents: [Buffer.from(Float32Array.from(prices).buffer)],
      }),
    (error: unknown) => callback(error as Error),
  );
});
