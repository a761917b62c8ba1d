import type { CalendarEntry, Calendar as CalendarWidget } from "~/api/pages";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { duration } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { Time } from "~/shared/Time";
import { To } from "~/shared/To";
import { dayOf, shortTime, utc } from "~/shared/time";
import { useWidth } from "~/shared/useSize";
import { daysOf, laneRows } from "~/widgets/calendar/days";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Calendar.module.css";

const NARROW = 520;
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const when = (ms: number) => `${weekday.format(ms)} ${dayOf(ms)} ${shortTime(ms)}`;

interface Props {
  readonly widget: CalendarWidget;
}

function Bar({ entry, left, wide }: { entry: CalendarEntry; left: number; wide: number }) {
  const said = `${entry.says}, ${when(entry.from_ms)} to ${when(entry.until_ms)}`;
  return (
    <li
      className={classes.bar}
      data-health={entry.health}
      style={{ left: `${left}%`, width: `${wide}%` }}
      title={`${said}\n${utc(entry.from_ms)} to ${utc(entry.until_ms)}`}
    >
      <To to={entry.to} aria-label={said}>
        {entry.health !== "neutral" && <HealthMark health={entry.health} size={11} />}
        <span>{entry.says}</span>
      </To>
    </li>
  );
}

function Days({ widget, nowMs }: Props & { readonly nowMs: number }) {
  const days = daysOf(widget.from_ms, widget.until_ms);
  const [from, until] = [days[0]?.fromMs ?? 0, days.at(-1)?.untilMs ?? 1];
  const share = (ms: number) =>
    (Math.min(Math.max(ms, from), until) - from) / ((until - from) / 100);
  const step = Math.max(Math.ceil(days.length / 16), 1);
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
                {weekday.format(day.fromMs)} <b>{new Date(day.fromMs).getDate()}</b>
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
              {row
                .filter((entry) => entry.until_ms > from && entry.from_ms < until)
                .map((entry) => (
                  <Bar
                    key={entry.id}
                    entry={entry}
                    left={share(entry.from_ms)}
                    wide={share(entry.until_ms) - share(entry.from_ms)}
                  />
                ))}
            </ul>
          ))}
        </div>
      ))}
    </div>
  );
}

/** What comes one after the other: for a phone. */
function Agenda({ widget, nowMs }: Props & { readonly nowMs: number }) {
  return (
    <ul className={classes.agenda}>
      {[...widget.entries]
        .sort((a, b) => a.from_ms - b.from_ms)
        .map((entry) => (
          <li
            key={entry.id}
            data-health={entry.health}
            data-now={(entry.from_ms <= nowMs && entry.until_ms > nowMs) || undefined}
          >
            <small>
              {entry.lane} · <span title={utc(entry.from_ms)}>{when(entry.from_ms)}</span> to{" "}
              <span title={utc(entry.until_ms)}>{when(entry.until_ms)}</span>
              {entry.from_ms <= nowMs && entry.until_ms > nowMs && " · now"}
            </small>
            <To to={entry.to}>
              {entry.health !== "neutral" && <HealthMark health={entry.health} size={12} />}{" "}
              {entry.says}
            </To>
          </li>
        ))}
    </ul>
  );
}

/** Days in columns; who or what, from when until when. */
export default function Calendar({ widget, page }: WidgetProps<"calendar">) {
  const [box, width] = useWidth<HTMLDivElement>();
  const nowMs = page.asOfMs || Date.now();
  const Look = width > 0 && width < NARROW ? Agenda : Days;
  return (
    <div ref={box}>
      <Twin
        of={widget.title || "Calendar"}
        as="list"
        picture={<Look widget={widget} nowMs={nowMs} />}
        table={() => (
          <TwinTable
            caption={widget.title || "Calendar"}
            head={["From", "Until", "For", "What", "Lane", "Health"]}
            rows={widget.entries.map((entry) => [
              <Time key="from" ms={entry.from_ms} />,
              <Time key="until" ms={entry.until_ms} />,
              duration((entry.until_ms - entry.from_ms) / 1000),
              <To key="says" to={entry.to}>
                {entry.says}
              </To>,
              entry.lane,
              healthWord[entry.health],
            ])}
          />
        )}
      />
    </div>
  );
}
