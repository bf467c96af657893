import type { InferenceSession } from 'onnxruntime-node';

/** The options of Nestor's sessions. */
export const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};
