import { requestJson } from './request.ts';

/** Whether the server changes its models on request. */
export async function isAdministered(): Promise<boolean> {
  const { admin } = await requestJson<{ readonly admin: 'on' | 'off' }>('', {
    headers: { accept: 'application/json' },
  });
  return admin === 'on';
}

/** Loads a model again from disk. */
export const loadModel = (name: string): Promise<unknown> =>
  requestJson(`admin/models/${encodeURIComponent(name)}/load`, { method: 'POST', role: 'admin' });
