export { ModelLoadError } from './model-load-error.ts';
export { OnnxSession, type SessionOptions } from './onnx-session.ts';
export { OnnxSessions } from './onnx-sessions.ts';
export { type PoolOptions, SessionPool } from './session-pool.ts';
