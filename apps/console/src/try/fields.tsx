import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Feature } from '../api/models.ts';
import { finds } from '../parts/search.ts';
import { SearchField } from '../parts/search-field.tsx';
import { Field } from './field.tsx';
import type { EditedRecord } from './use-record.ts';

/** With more features than this, the form has a search field. */
const MANY = 20;

interface FieldsProps {
  readonly features: readonly Feature[];
  readonly record: EditedRecord;
}

/** A field for each feature, and a search field if there are many. */
export function Fields({ features, record }: FieldsProps): VNode {
  const [search, setSearch] = useState('');
  // A field with an error is visible, whatever the search.
  const shown = features.filter(
    ({ name, title, description }) =>
      finds(search, [name, title, description]) || record.remarkOn(name)?.kind === 'error',
  );
  return (
    <>
      {features.length > MANY && (
        <SearchField
          label="Find a feature"
          value={search}
          found={`${shown.length} of ${features.length}`}
          onSearch={setSearch}
        />
      )}
      <div class="fields">
        {shown.map((feature) => (
          <Field
            key={feature.name}
            feature={feature}
            value={record.values[feature.name] ?? ''}
            remark={record.remarkOn(feature.name)}
            alone={features.length === 1}
            onType={(value) => record.type({ [feature.name]: value })}
            onChoose={(value) => record.choose({ [feature.name]: value })}
          />
        ))}
      </div>
    </>
  );
}
