export { ModelLoadError } from './model-load-error.ts';
export { OnnxSession, type SessionOptions } from './onnx-session.ts';
export { openSessionCount, openWorkerCount, type PoolOptions, SessionPool } from './session-pool.ts';
