import { memo } from "react";
import type { WaterfallSpan } from "~/api/pages";
import { Cut } from "~/shared/Cut";
import { duration } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { Icon } from "~/shared/Icon";
import type { Stretch } from "~/widgets/waterfall/tree";
import classes from "./Waterfall.module.css";

interface Props {
  readonly span: WaterfallSpan;
  readonly own: readonly Stretch[];
  readonly totalMs: number;
  readonly below: number;
  readonly folded: boolean;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
  readonly onFold: (id: string) => void;
}

const said = (ms: number) => duration(ms / 1000);

/** One span: its name in the tree, its stretch on the axis, its own work darker. */
export const Row = memo(function Row(props: Props) {
  const { span, own, totalMs, below, folded, chosen, onChoose, onFold } = props;
  const percent = (ms: number) => `${(ms / (totalMs || 1)) * 100}%`;
  const marked = span.health === "bad" || span.health === "warning";
  const word = marked ? `, ${healthWord[span.health]}` : "";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys
    <div
      className={classes.row}
      role="treeitem"
      aria-level={span.depth + 1}
      aria-expanded={below > 0 ? !folded : undefined}
      aria-selected={chosen}
      aria-label={`${span.name}, ${span.entity}, ${said(span.duration_ms)}, own ${said(span.self_ms)}${word}`}
      tabIndex={chosen ? 0 : -1}
      data-span={span.id}
      data-health={span.health}
      onClick={() => onChoose(span.id)}
    >
      <span className={classes.name} style={{ paddingLeft: Math.min(span.depth, 12) * 12 }}>
        {below > 0 ? (
          <span
            className={classes.fold}
            data-folded={folded || undefined}
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              onFold(span.id);
            }}
          >
            <Icon name="down" size={10} />
          </span>
        ) : (
          <span className={classes.fold} />
        )}
        {marked && <HealthMark health={span.health} size={12} />}
        <span className={classes.words}>
          <Cut text={span.name} tail={12} />
          <small>
            <Cut text={span.entity} tail={14} />
            {folded && ` · ${below} folded`}
          </small>
        </span>
      </span>
      <span className={classes.axis}>
        <i
          className={classes.bar}
          style={{ left: percent(span.start_ms), width: percent(span.duration_ms) }}
        />
        {own.map(([from, until]) => (
          <i
            key={from}
            className={classes.own}
            style={{ left: percent(from), width: percent(until - from) }}
          />
        ))}
        <small
          className={classes.lasts}
          style={{ left: percent(span.start_ms + span.duration_ms) }}
        >
          {said(span.duration_ms)}
        </small>
      </span>
    </div>
  );
});
