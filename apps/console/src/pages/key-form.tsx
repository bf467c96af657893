import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { keepKey, keyOf, type Role } from '../api/keys.ts';

interface KeyFormProps {
  readonly role: Role;
  readonly label: string;
  readonly children: ComponentChildren;
  readonly onKey: () => void;
}

/** Asks for a key that the server requires, and keeps it for the session of this tab. */
export function KeyForm({ role, label, children, onKey }: KeyFormProps): VNode {
  const [key, setKey] = useState('');
  const [refused] = useState(keyOf(role) !== undefined);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (key.trim() === '') return;
    keepKey(role, key.trim());
    onKey();
  };
  return (
    <form class="panel key" onSubmit={submit}>
      {children}
      {refused && (
        <p class="notice notice-error" role="alert">
          That {label} is invalid.
        </p>
      )}
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type="password"
        autocomplete="off"
        value={key}
        onInput={({ currentTarget }) => setKey(currentTarget.value)}
      />
      <p class="hint">This browser tab keeps the key until you close it.</p>
      <button class="primary" type="submit">
        Continue
      </button>
    </form>
  );
}
