import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import type { WaterfallSpan } from "~/api/pages";
import { focusOn } from "~/shared/charts/focus";
import { ticks } from "~/shared/charts/scale";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { duration } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import type { WidgetProps } from "~/widgets/registry";
import { Row } from "~/widgets/waterfall/Row";
import { beneath, ownOf, parentOf, seenOf } from "~/widgets/waterfall/tree";
import classes from "./Waterfall.module.css";

const said = (ms: number) => duration(ms / 1000);

function Chosen({ span }: { readonly span: WaterfallSpan }) {
  return (
    <div className={classes.chosen} data-health={span.health} role="status">
      <b>
        {healthWord[span.health] && <HealthMark health={span.health} size={12} />} {span.name}
      </b>
      <span>{span.entity}</span>
      <span>begins after {said(span.start_ms)}</span>
      <span>lasts {said(span.duration_ms)}</span>
      <span>own time {said(span.self_ms)}</span>
      {span.says && <span className={classes.says}>{span.says}</span>}
    </div>
  );
}

function Tree({ widget }: Pick<WidgetProps<"waterfall">, "widget">) {
  const { spans, total_ms } = widget;
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState(spans[0]?.id);
  const list = useRef<HTMLDivElement>(null);
  const seen = useMemo(() => seenOf(spans, folded), [spans, folded]);
  const shapes = useMemo(
    () => spans.map((_, i) => ({ own: ownOf(spans, i), below: beneath(spans, i) })),
    [spans],
  );
  const fold = useCallback((id: string, to?: boolean) => {
    setFolded((before) => {
      const next = new Set(before);
      if (to ?? !next.has(id)) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  const at = Math.max(
    seen.findIndex((i) => spans[i]?.id === chosen),
    0,
  );
  const show = (i: number | undefined) => {
    const id = i === undefined ? undefined : spans[i]?.id;
    if (!id) return;
    setChosen(id);
    focusOn(list.current, "data-span", id);
  };
  const keys = (event: KeyboardEvent) => {
    const now = seen[at];
    const span = now === undefined ? undefined : spans[now];
    if (now === undefined || !span || event.ctrlKey || event.metaKey || event.altKey) return;
    const below = shapes[now]?.below ?? 0;
    const closes = below > 0 && !folded.has(span.id);
    const verbs: Record<string, () => void> = {
      ArrowDown: () => show(seen[at + 1]),
      ArrowUp: () => show(seen[at - 1]),
      ArrowLeft: () => (closes ? fold(span.id, true) : show(parentOf(spans, now))),
      ArrowRight: () =>
        folded.has(span.id) ? fold(span.id, false) : show(below ? now + 1 : undefined),
      Home: () => show(seen[0]),
      End: () => show(seen.at(-1)),
    };
    const verb = verbs[event.key];
    if (!verb) return;
    event.preventDefault();
    verb();
  };
  const span = spans.find((each) => each.id === chosen);
  return (
    <>
      <div className={classes.head} aria-hidden>
        <span className={classes.ticks}>
          {ticks(0, total_ms, 5).map((ms) => (
            <small
              key={ms}
              data-late={ms > total_ms * 0.9 || undefined}
              style={{ left: `${(ms / (total_ms || 1)) * 100}%` }}
            >
              {said(ms)}
            </small>
          ))}
        </span>
      </div>
      <div
        ref={list}
        className={classes.tree}
        role="tree"
        aria-label={widget.title || "Trace"}
        onKeyDown={keys}
      >
        {seen.map((i) => {
          const each = spans[i];
          const shape = shapes[i];
          if (!each || !shape) return null;
          return (
            <Row
              key={each.id}
              span={each}
              {...shape}
              totalMs={total_ms}
              folded={folded.has(each.id)}
              chosen={each.id === spans[seen[at] ?? 0]?.id}
              onChoose={setChosen}
              onFold={fold}
            />
          );
        })}
      </div>
      {span && <Chosen span={span} />}
    </>
  );
}

/** One trace: spans in their tree, on one axis. */
export default function Waterfall({ widget }: WidgetProps<"waterfall">) {
  return (
    <Twin
      of={widget.title || "Trace"}
      picture={<Tree widget={widget} />}
      table={() => (
        <TwinTable
          caption={widget.title || "Trace"}
          head={["Span", "Of", "Begins after", "Lasts", "Own time", "Health", "What"]}
          rows={widget.spans.map((span) => [
            `${"– ".repeat(span.depth)}${span.name}`,
            span.entity,
            said(span.start_ms),
            said(span.duration_ms),
            said(span.self_ms),
            healthWord[span.health],
            span.says,
          ])}
        />
      )}
      beside={
        <span className={classes.note}>
          {said(widget.total_ms)} in all; a span's own time is drawn full
          {widget.left_out > 0 && `; ${widget.left_out} more spans are not shown`}
        </span>
      }
    />
  );
}
