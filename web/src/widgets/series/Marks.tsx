import type { Mark } from "~/api/pages";
import { HealthMark } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import { time, utc } from "~/shared/time";
import classes from "./Series.module.css";

interface Props {
  readonly marks: readonly Mark[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Changes and alerts: a line with a flag at its foot, or a stretch that is shaded. */
export function Marks({ marks, fromMs, untilMs }: Props) {
  const share = (ms: number) => ((ms - fromMs) / (untilMs - fromMs || 1)) * 100;
  return marks.map((mark) => {
    const begins = share(mark.at_ms);
    const ends = share(mark.until_ms ?? mark.at_ms);
    if (ends < 0 || begins > 100) return null;
    const left = Math.max(begins, 0);
    const width = Math.min(ends, 100) - left;
    return (
      <div
        key={`${mark.at_ms} ${mark.says}`}
        className={classes.mark}
        data-health={mark.health}
        data-cut={begins < 0 || undefined}
        style={{ left: `${left}%`, width: `${Math.max(width, 0)}%` }}
      >
        <Flag mark={mark} late={left > 60} />
      </div>
    );
  });
}

function Flag({ mark, late }: { readonly mark: Mark; readonly late: boolean }) {
  return (
    <span className={classes.flag} data-late={late || undefined}>
      <To to={mark.to} title={utc(mark.at_ms)} onMouseDown={(event) => event.stopPropagation()}>
        <HealthMark health={mark.health} label="" size={11} />
        <span className={classes.flagSays}>
          {mark.says} <small>{time(mark.at_ms)}</small>
        </span>
      </To>
    </span>
  );
}
