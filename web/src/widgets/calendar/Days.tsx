import type { Calendar, CalendarEntry } from "~/api/pages";
import { fit, widthOf } from "~/shared/charts/fit";
import { HealthMark } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import { utc } from "~/shared/time";
import { daysOf, laneRows, weekday, when } from "~/widgets/calendar/days";
import classes from "./Calendar.module.css";

const SIZE = 12;
const PAD = 14;
const MARK = 16;
const DAY_LEAST = 26;

interface BarProps {
  readonly entry: CalendarEntry;
  /** Percent of the calendar. */
  readonly left: number;
  readonly wide: number;
  /** Pixels of it, and from its beginning to that of the next. */
  readonly inside: number;
  readonly room: number;
}

/** An entry; a name that has no room in it stands beside it, where there is some. */
function Bar({ entry, left, wide, inside, room }: BarProps) {
  const said = `${entry.says}, ${when(entry.from_ms)} to ${when(entry.until_ms)}`;
  const marked = entry.health !== "neutral";
  const own = inside - PAD - (marked ? MARK : 0);
  const needs = widthOf(entry.says, SIZE);
  const out = needs > own && room - inside > Math.min(needs, own + 30);
  return (
    <li
      className={classes.bar}
      data-health={entry.health}
      style={{ left: `${left}%`, width: `${wide}%` }}
      title={`${said}\n${utc(entry.from_ms)} to ${utc(entry.until_ms)}`}
    >
      <To to={entry.to} aria-label={said}>
        {marked && inside > MARK && <HealthMark health={entry.health} size={11} />}
        <span className={out ? classes.out : undefined}>
          {fit(entry.says, out ? room - inside - PAD : own, SIZE)}
        </span>
      </To>
    </li>
  );
}

interface Props {
  readonly widget: Calendar;
  readonly nowMs: number;
  readonly width: number;
}

/** Days in columns, lanes in rows. */
export function Days({ widget, nowMs, width }: Props) {
  const days = daysOf(widget.from_ms, widget.until_ms);
  const [from, until] = [days[0]?.fromMs ?? 0, days.at(-1)?.untilMs ?? 1];
  const share = (ms: number) =>
    (Math.min(Math.max(ms, from), until) - from) / ((until - from) / 100);
  const step = Math.max(Math.ceil((days.length * DAY_LEAST) / Math.max(width, 1)), 1);
  return (
    <div className={classes.calendar}>
      <div className={classes.days} aria-hidden>
        {days.map((day, i) => (
          <span
            key={day.fromMs}
            data-weekend={day.weekend || undefined}
            data-today={(nowMs >= day.fromMs && nowMs < day.untilMs) || undefined}
            style={{
              left: `${share(day.fromMs)}%`,
              width: `${share(day.untilMs) - share(day.fromMs)}%`,
            }}
          >
            {i % step === 0 && (
              <>
                <small>{weekday.format(day.fromMs)}</small>
                <b>{new Date(day.fromMs).getDate()}</b>
              </>
            )}
          </span>
        ))}
        {nowMs > from && nowMs < until && <i style={{ left: `${share(nowMs)}%` }} />}
      </div>
      {laneRows(widget.entries).map(({ lane, rows }) => (
        <div key={lane} className={classes.lane}>
          <p>{lane}</p>
          {rows.map((row) => (
            <ul key={row[0]?.id} className={classes.row}>
              {row.map((entry, i) => {
                if (entry.until_ms <= from || entry.from_ms >= until) return null;
                const left = share(entry.from_ms);
                const wide = share(entry.until_ms) - left;
                const next = share(row[i + 1]?.from_ms ?? until);
                return (
                  <Bar
                    key={entry.id}
                    entry={entry}
                    left={left}
                    wide={wide}
                    inside={(wide * width) / 100}
                    room={((next - left) * width) / 100}
                  />
                );
              })}
            </ul>
          ))}
        </div>
      ))}
    </div>
  );
}
