import type { Series } from "~/api/pages";
import { Cut } from "~/shared/Cut";
import { lineVariables } from "~/shared/charts/colours";
import { NO_DATA, quantity } from "~/shared/format";
import { HealthMark } from "~/shared/HealthMark";
import { time, utc } from "~/shared/time";
import { judged, lastOf } from "~/widgets/series/model";
import classes from "./Series.module.css";

interface Props {
  readonly widget: Series;
  readonly hidden: ReadonlySet<number>;
  readonly at: number | null;
  readonly onHide: (hidden: ReadonlySet<number>) => void;
}

/** What a click does: hide or show one line; with shift or alt, see it alone. */
export function hiddenAfter(
  hidden: ReadonlySet<number>,
  line: number,
  alone: boolean,
  lines: number,
): ReadonlySet<number> {
  if (!alone) {
    const next = new Set(hidden);
    if (!next.delete(line)) next.add(line);
    return next;
  }
  const others = Array.from({ length: lines }, (_, i) => i).filter((i) => i !== line);
  const isAlone = !hidden.has(line) && others.every((i) => hidden.has(i));
  return new Set(isAlone ? [] : others);
}

/** Names, colours and values: of the crosshair, or the last ones. */
export function Legend({ widget, hidden, at, onHide }: Props) {
  const colours = lineVariables(widget.lines.map((line) => line.health));
  const ms = at === null ? undefined : widget.x_ms[at];
  return (
    <div className={classes.legend}>
      {widget.lines.map((line, i) => {
        const value = at === null ? lastOf(line) : (line.y[at] ?? null);
        const says = at === null ? "" : judged(line, at);
        return (
          <button
            key={line.name}
            type="button"
            aria-pressed={!hidden.has(i)}
            title={`${line.name}: click hides or shows it, shift and click shows it alone`}
            className={classes.line}
            onClick={(event) =>
              onHide(hiddenAfter(hidden, i, event.shiftKey || event.altKey, widget.lines.length))
            }
          >
            <svg className={classes.swatch} viewBox="0 0 16 4" aria-hidden>
              <path
                d="M0 2H16"
                stroke={`var(${colours[i]})`}
                strokeWidth="3"
                strokeDasharray={line.dashed ? "4 2" : undefined}
              />
            </svg>
            {(line.health === "bad" || line.health === "warning") && (
              <HealthMark health={line.health} size={11} />
            )}
            <span className={classes.name}>
              <Cut text={line.name} tail={10} />
            </span>
            <b>{value === null ? NO_DATA : quantity(value, widget.unit)}</b>
            {says && <em>{says}</em>}
          </button>
        );
      })}
      <Threshold widget={widget} />
      {ms !== undefined && (
        <span className={classes.at} title={utc(ms)}>
          {time(ms)}
        </span>
      )}
    </div>
  );
}

function Threshold({ widget }: { readonly widget: Series }) {
  if (widget.threshold === null) return null;
  return (
    <span className={classes.threshold}>
      <svg className={classes.swatch} viewBox="0 0 16 4" aria-hidden>
        <path d="M0 2H16" stroke="var(--warning-fill)" strokeWidth="2" strokeDasharray="4 2" />
      </svg>
      threshold <b>{quantity(widget.threshold, widget.unit)}</b>
    </span>
  );
}
