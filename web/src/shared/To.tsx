import type { ComponentPropsWithRef, MouseEvent } from "react";
import { usePage } from "~/shared/page";

type Props = ComponentPropsWithRef<"a"> & { readonly to: string };

/** A link to a path of the console, or plain content where `to` is empty. */
export function To({ to, onClick, children, ...rest }: Props) {
  const page = usePage();
  if (!to) return <span className={rest.className}>{children}</span>;
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    page.go(to);
  };
  return (
    <a {...rest} href={page.href(to)} onClick={follow}>
      {children}
    </a>
  );
}
