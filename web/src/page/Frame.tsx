import { memo, Suspense, useId, useState } from "react";
import type { Widget } from "~/api/pages";
import { Boundary } from "~/page/Boundary";
import { WidgetState } from "~/page/WidgetState";
import { ActionButton, ProofButton } from "~/shared/Actions";
import { type PageContext, usePage } from "~/shared/page";
import { rendererOf } from "~/widgets/registry";
import classes from "./Frame.module.css";

interface Props {
  readonly widget: Widget;
}

/** Kinds that offer their own actions where they belong, or have none in their head. */
const OWN_ACTIONS = new Set<Widget["kind"]>(["table"]);

function Head({ widget, id }: Props & { readonly id: string }) {
  const actions = OWN_ACTIONS.has(widget.kind) ? [] : widget.actions;
  const { proof, title, says } = widget;
  if (!title && !says && actions.length === 0 && !proof) return null;
  return (
    <header className={classes.head}>
      <div className={classes.names}>
        {title && <h3 id={id}>{title}</h3>}
        {says && widget.kind !== "stat" && <p className={classes.says}>{says}</p>}
      </div>
      <div className={classes.tools}>
        {proof && <ProofButton proof={proof} title={title || widget.id} />}
        {actions.map((action) => (
          <ActionButton key={action.id} action={action} />
        ))}
      </div>
    </header>
  );
}

const Drawn = memo(function Drawn({ widget, page }: Props & { readonly page: PageContext }) {
  // One choice for as long as the frame stands: another type of component would lose its state.
  const [Renderer] = useState(() => rendererOf(widget.kind));
  if (!Renderer) {
    return (
      <WidgetState
        state="error"
        missing={`This console cannot draw “${widget.kind}”: it is older than the server.`}
        remedy="Load the page again."
      />
    );
  }
  return (
    <Suspense fallback={<div className={classes.loading} role="status" aria-label="Loading" />}>
      <Renderer widget={widget} page={page} />
    </Suspense>
  );
});

/** What stands around every widget: its name, its proof, its actions, and why it is not there. */
export function Frame({ widget }: Props) {
  const page = usePage();
  const id = useId();
  // A table that found nothing still shows the search and filters that left nothing.
  const drawn = widget.state === "ok" || (widget.kind === "table" && widget.state === "empty");
  return (
    <section
      className={classes.frame}
      role={widget.kind === "stat" ? "group" : undefined}
      data-widget={widget.id}
      data-kind={widget.kind}
      data-span={spanOf(widget)}
      data-health={"health" in widget ? widget.health : undefined}
      style={{ "--span": widget.span } as React.CSSProperties}
      aria-labelledby={widget.title ? id : undefined}
    >
      <Head widget={widget} id={id} />
      <div className={classes.body}>
        <Boundary key={`${widget.id} ${widget.kind}`} onRetry={() => page.refresh(widget.id)}>
          {drawn ? (
            <Drawn widget={widget} page={page} />
          ) : (
            <WidgetState {...widget} onRetry={() => page.refresh(widget.id)} />
          )}
        </Boundary>
      </div>
    </section>
  );
}

/** How wide on screens between phone and desk. */
function spanOf(widget: Widget): "small" | "half" | "full" {
  if (widget.span <= 3) return "small";
  return widget.span <= 6 ? "half" : "full";
}
