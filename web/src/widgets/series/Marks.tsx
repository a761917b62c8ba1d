import type { Mark } from "~/api/pages";
import { HealthMark } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import { time, utc } from "~/shared/time";
import classes from "./Series.module.css";

interface Props {
  readonly marks: readonly Mark[];
  readonly fromMs: number;
  readonly untilMs: number;
  /** Pixels that the stretch takes. */
  readonly width: number;
}

/** As wide and as tall as a finger can meet. */
const FLAG = 24;

export interface Flagged {
  readonly mark: Mark;
  /** Percent of the width. */
  readonly left: number;
  readonly wide: number;
  readonly cut: boolean;
  /** Flags that would lie over each other stand beneath each other. */
  readonly row: number;
}

/** Where the marks stand; those outside of the stretch are left out. */
export function flagged({ marks, fromMs, untilMs, width }: Props): readonly Flagged[] {
  const share = (ms: number) => ((ms - fromMs) / (untilMs - fromMs || 1)) * 100;
  const ends: number[] = [];
  const out: Flagged[] = [];
  for (const mark of [...marks].sort((a, b) => a.at_ms - b.at_ms)) {
    const [begins, until] = [share(mark.at_ms), share(mark.until_ms ?? mark.at_ms)];
    if (until < 0 || begins > 100) continue;
    const left = Math.max(begins, 0);
    const x = (left * width) / 100;
    const free = ends.findIndex((end) => end <= x);
    const row = free >= 0 ? free : ends.length;
    ends[row] = x + FLAG;
    out.push({ mark, left, wide: Math.max(Math.min(until, 100) - left, 0), cut: begins < 0, row });
  }
  return out;
}

/** Changes and alerts: a line with a flag at its head, or a stretch that is shaded. */
export function Marks(props: Props) {
  return flagged(props).map(({ mark, left, wide, cut, row }) => (
    <div
      key={`${mark.at_ms} ${mark.says}`}
      className={classes.mark}
      data-health={mark.health}
      data-cut={cut || undefined}
      style={{ left: `${left}%`, width: `${wide}%` }}
    >
      <span
        className={classes.flag}
        data-late={left > 60 || undefined}
        style={{ top: row * FLAG - 14 }}
      >
        <To to={mark.to} title={utc(mark.at_ms)} onMouseDown={(event) => event.stopPropagation()}>
          <HealthMark health={mark.health} label="" size={12} />
          <span className={classes.flagSays}>
            {mark.says} <small>{time(mark.at_ms)}</small>
          </span>
        </To>
      </span>
    </div>
  ));
}
