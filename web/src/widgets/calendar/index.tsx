import type { Calendar as CalendarWidget } from "~/api/pages";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { duration } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { Time } from "~/shared/Time";
import { To } from "~/shared/To";
import { utc } from "~/shared/time";
import { useWidth } from "~/shared/useSize";
import { Days } from "~/widgets/calendar/Days";
import { when } from "~/widgets/calendar/days";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Calendar.module.css";

const NARROW = 520;

interface Props {
  readonly widget: CalendarWidget;
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
  return (
    <div ref={box}>
      <Twin
        of={widget.title || "Calendar"}
        as="list"
        picture={
          width > 0 && width < NARROW ? (
            <Agenda widget={widget} nowMs={nowMs} />
          ) : (
            <Days widget={widget} nowMs={nowMs} width={width} />
          )
        }
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
