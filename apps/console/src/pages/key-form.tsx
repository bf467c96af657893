import type { VNode } from 'preact';
import { useState } from 'preact/hooks';

/** Asks for the API key that the server wants. It stays in this page's memory. */
export function KeyForm({ again, onKey }: { readonly again: boolean; readonly onKey: (key: string) => void }): VNode {
  const [key, setKey] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (key.trim() !== '') onKey(key.trim());
  };
  return (
    <form class="panel key" onSubmit={submit}>
      <h1>This server asks for an API key</h1>
      {again && (
        <p class="notice notice-error" role="alert">
          That API key is invalid.
        </p>
      )}
      <label for="key">API key</label>
      <input
        id="key"
        type="password"
        autocomplete="off"
        value={key}
        onInput={({ currentTarget }) => setKey(currentTarget.value)}
      />
      <p class="hint">It is kept in the memory of this page only, and forgotten when the page is closed.</p>
      <button class="primary" type="submit">
        Go on
      </button>
    </form>
  );
}
