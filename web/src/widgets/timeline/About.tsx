import { Card } from "~/shared/charts/Card";
import { worstFirst } from "~/shared/charts/colours";
import { duration } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { time, utc } from "~/shared/time";
import type { Item } from "~/widgets/timeline/place";
import classes from "./Timeline.module.css";

interface Props {
  readonly item: Item;
  readonly lane: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const FEW = 4;

/** What an item is: one moment whole, of a crowd the worst. */
export function About({ item, lane, ...at }: Props) {
  const [moment] = item.moments;
  if (!moment) return null;
  if (item.moments.length > 1) {
    const worst = [...item.moments].sort((a, b) => worstFirst(a.health, b.health)).slice(0, FEW);
    return (
      <Card {...at}>
        <p className={classes.where}>
          {lane}: {item.moments.length} between {time(moment.at_ms)} and{" "}
          {time(item.moments.at(-1)?.at_ms ?? moment.at_ms)}
        </p>
        {worst.map((each) => (
          <p key={each.id} data-health={each.health}>
            <HealthMark health={each.health} size={11} /> {each.says}
          </p>
        ))}
        <p className={classes.where}>Click to look closer.</p>
      </Card>
    );
  }
  const { at_ms, until_ms, open, says, detail, health, to } = moment;
  const lasts = until_ms === null ? "" : `, for ${duration((until_ms - at_ms) / 1000)}`;
  return (
    <Card {...at}>
      <p data-health={health}>
        <HealthMark health={health} label="" size={12} /> <b>{says}</b>
      </p>
      <p className={classes.where}>
        {lane} · <span title={utc(at_ms)}>{time(at_ms)}</span>
        {open ? ", still going on" : lasts}
        {healthWord[health] && ` · ${healthWord[health]}`}
        {moment.lit && " · what this is about"}
      </p>
      <p className={classes.where}>{utc(at_ms)}</p>
      {detail && <p>{detail}</p>}
      {to && <p className={classes.where}>Click to open.</p>}
    </Card>
  );
}
