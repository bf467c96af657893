import type { VNode } from 'preact';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  /** The number of results, as text. */
  readonly found: string;
  readonly onSearch: (value: string) => void;
}

/** Filters a long list while the user types. */
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
          // The list is filtered already, and Enter would submit the surrounding form.
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <span class="quiet" role="status">
        {found}
      </span>
    </div>
  );
}
