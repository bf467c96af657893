import type { VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { keyOf } from '../api/keys.ts';
import { type Call, type Language, LANGUAGES, snippet } from './snippets.ts';

interface CodeBlockProps {
  readonly call: Omit<Call, 'url' | 'key'> & { readonly path: string };
}

/** The request that the page would send, as code to copy. */
export function CodeBlock({ call: { path, ...call } }: CodeBlockProps): VNode {
  const [language, setLanguage] = useState<Language>('curl');
  const [copied, setCopied] = useState('');
  const code = useRef<HTMLElement>(null);
  const group = useId();
  const text = snippet(
    { ...call, url: new URL(path, document.baseURI).href, key: keyOf('caller') !== undefined },
    language,
  );

  const copy = async (): Promise<void> => {
    setCopied((await copyOrSelect(text, code.current)) ? 'Copied' : 'Selected. Press Ctrl+C or ⌘C to copy.');
    setTimeout(() => setCopied(''), 4000);
  };
  return (
    <section class="panel code" aria-label="The same request as code">
      <header>
        <fieldset class="segments">
          <legend class="unseen">Language</legend>
          {LANGUAGES.map((one) => (
            <label key={one}>
              <input type="radio" name={group} checked={one === language} onChange={() => setLanguage(one)} />
              <span>{one}</span>
            </label>
          ))}
        </fieldset>
        <span class="quiet" role="status">
          {copied}
        </span>
        <button type="button" class="small" onClick={() => void copy()}>
          Copy
        </button>
      </header>
      <pre tabIndex={0} role="group" aria-label={`${language} code`}>
        <code ref={code}>{text}</code>
      </pre>
    </section>
  );
}

/** Copies the text, or selects it if the browser allows copying only over HTTPS. Returns whether it copied. */
async function copyOrSelect(text: string, element: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (element !== null) getSelection()?.selectAllChildren(element);
    return false;
  }
}
