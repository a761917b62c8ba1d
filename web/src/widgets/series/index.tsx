import { useState } from "react";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { quantity } from "~/shared/format";
import { Time } from "~/shared/Time";
import type { WidgetProps } from "~/widgets/registry";
import { Legend } from "~/widgets/series/Legend";
import { reachOf } from "~/widgets/series/model";
import { Plot } from "~/widgets/series/Plot";
import classes from "./Series.module.css";

const NONE: ReadonlySet<number> = new Set();
const ROWS = 200;

/** At most 200 rows, evenly chosen: a table of 2,000 is read by nobody. */
function Rows({ widget }: Pick<WidgetProps<"series">, "widget">) {
  const step = Math.max(Math.ceil(widget.x_ms.length / ROWS), 1);
  const chosen = widget.x_ms.map((ms, i) => ({ ms, i })).filter(({ i }) => i % step === 0);
  return (
    <>
      {step > 1 && <p className={classes.note}>One of {step} points is listed.</p>}
      <TwinTable
        caption={widget.title || "Series"}
        head={["Time", ...widget.lines.map((line) => line.name)]}
        rows={chosen.map(({ ms, i }) => [
          <Time key="time" ms={ms} />,
          ...widget.lines.map((line) => quantity(line.y[i], widget.unit)),
        ])}
      />
      {widget.marks.length > 0 && (
        <TwinTable
          caption="Marks"
          head={["Marked at", "What"]}
          rows={widget.marks.map((mark) => [<Time key="time" ms={mark.at_ms} />, mark.says])}
        />
      )}
    </>
  );
}

/** Lines over time, their bands, and what happened meanwhile. Dragging chooses the page's time. */
export default function Series({ widget }: WidgetProps<"series">) {
  const [hidden, setHidden] = useState(NONE);
  const [at, setAt] = useState<number | null>(null);
  const beyond = widget.threshold !== null && !reachOf(widget, hidden).threshold;
  return (
    <Twin
      of={widget.title || "Chart"}
      picture={<Plot widget={widget} hidden={hidden} at={at} onAt={setAt} />}
      table={() => <Rows widget={widget} />}
      beside={
        <>
          <Legend widget={widget} hidden={hidden} at={at} onHide={setHidden} />
          {beyond && <p className={classes.note}>The threshold lies outside of what is drawn.</p>}
        </>
      }
    />
  );
}
