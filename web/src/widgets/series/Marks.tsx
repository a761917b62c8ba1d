import type { Mark } from "~/api/pages";
import { worse } from "~/shared/charts/colours";
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
const LISTED = 8;

export interface Stood {
  readonly mark: Mark;
  /** Percent of the width. */
  readonly left: number;
  readonly wide: number;
  readonly cut: boolean;
}

/** Where the marks stand, in order; those outside of the stretch are left out. */
export function stood({ marks, fromMs, untilMs }: Omit<Props, "width">): readonly Stood[] {
  const share = (ms: number) => ((ms - fromMs) / (untilMs - fromMs || 1)) * 100;
  return [...marks]
    .sort((a, b) => a.at_ms - b.at_ms)
    .map((mark) => {
      const [begins, ends] = [share(mark.at_ms), share(mark.until_ms ?? mark.at_ms)];
      const left = Math.max(begins, 0);
      return { mark, left, wide: Math.min(ends, 100) - left, cut: begins < 0 };
    })
    .filter(({ left, wide }) => left <= 100 && wide >= 0);
}

/** Marks that share a flag: their own ones would lie over each other. */
export function flags(all: readonly Stood[], width: number): ReadonlyArray<readonly Stood[]> {
  const groups: Stood[][] = [];
  for (const each of all) {
    const group = groups.at(-1);
    const near = group?.[0] && ((each.left - group[0].left) * width) / 100 < FLAG;
    if (group && near) group.push(each);
    else groups.push([each]);
  }
  return groups;
}

function Says({ mark }: { readonly mark: Mark }) {
  return (
    <To to={mark.to} title={utc(mark.at_ms)}>
      <HealthMark health={mark.health} label="" size={12} />
      <span className={classes.flagSays}>
        {mark.says} <small>{time(mark.at_ms)}</small>
      </span>
    </To>
  );
}

/** One flag: its mark, or how many there are and, on hover or focus, which. */
function Flag({ group }: { readonly group: readonly Stood[] }) {
  const [first] = group;
  if (!first) return null;
  const many = group.length > 1;
  const health = group.map(({ mark }) => mark.health).reduce(worse);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps a press on a link from being a drag
    <div
      className={classes.flag}
      data-health={health}
      data-late={first.left > 60 || undefined}
      data-many={many || undefined}
      style={{ left: `${first.left}%` }}
      onMouseDown={(event) => event.stopPropagation()}
    >
      {many && <b aria-hidden>{group.length}</b>}
      <ul aria-label={many ? `${group.length} marks` : undefined}>
        {group.slice(0, LISTED).map(({ mark }) => (
          <li key={`${mark.at_ms} ${mark.says}`} data-health={mark.health}>
            <Says mark={mark} />
          </li>
        ))}
        {group.length > LISTED && <li>and {group.length - LISTED} more, see the table</li>}
      </ul>
    </div>
  );
}

/** Changes and alerts: lines and shaded stretches, with flags at their heads. */
export function Marks(props: Props) {
  const all = stood(props);
  return (
    <>
      {all.map(({ mark, left, wide, cut }) => (
        <i
          key={`${mark.at_ms} ${mark.says}`}
          className={classes.mark}
          data-health={mark.health}
          data-cut={cut || undefined}
          style={{ left: `${left}%`, width: `${wide}%` }}
        />
      ))}
      {flags(all, props.width).map((group) => (
        <Flag key={group[0]?.mark.at_ms} group={group} />
      ))}
    </>
  );
}
