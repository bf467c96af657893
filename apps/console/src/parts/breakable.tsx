import { Fragment, type VNode } from 'preact';

/** A name that may be broken after its underscores, where the line is too short for it. */
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
