import type { ReactNode } from "react";

interface Props {
  title: string;
  children?: ReactNode;
  isBusy?: boolean;
  again?: () => void;
}

// What stands where there is nothing to show, or not yet.
export function Notice({ title, children, isBusy = false, again }: Props) {
  return (
    <section className="notice" aria-busy={isBusy}>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {isBusy && <div className="bones" aria-hidden="true"><i /><i /><i /></div>}
      {again && <button type="button" onClick={again}>Try again</button>}
    </section>
  );
}
