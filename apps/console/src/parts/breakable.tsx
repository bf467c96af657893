import { Fragment, type VNode } from 'preact';

/** A name that can break after its underscores if the line is too short. */
export function Breakable({ name }: { readonly name: string }): VNode {
  return (
    <>
      {name.split(/(?<=_)/).map((part, at) => (
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}
