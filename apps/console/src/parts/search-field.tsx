import type { VNode } from 'preact';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  /** What was found, in words. */
  readonly found: string;
  readonly onSearch: (value: string) => void;
}

/** Narrows a long list while one types. */
export function SearchField({ label, value, found, onSearch }: SearchFieldProps): VNode {
  return (
    <div class="search">
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        autocomplete="off"
        value={value}
        onInput={({ currentTarget }) => onSearch(currentTarget.value)}
        onKeyDown={(event) => {
          // A search is done already: Enter would send the form around it.
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <span class="quiet" role="status">
        {found}
      </span>
    </div>
  );
}
