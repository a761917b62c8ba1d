import { useMemo } from "react";
import { Tools } from "~/shared/charts/Tools";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { useView } from "~/shared/charts/useView";
import { duration } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { Time } from "~/shared/Time";
import { To } from "~/shared/To";
import type { WidgetProps } from "~/widgets/registry";
import { Picture } from "~/widgets/timeline/Picture";
import classes from "./Timeline.module.css";

const LEAST_MS = 1000;
const LISTED = 500;

type Props = Pick<WidgetProps<"timeline">, "widget">;

/** The moments in the order of time; where they are too many, those that are lit or worst. */
function List({ widget }: Props) {
  const titles = new Map(widget.lanes.map((lane) => [lane.id, lane.title]));
  const rank = { bad: 0, warning: 1, unknown: 2, good: 3, neutral: 4 };
  const chosen = [...widget.moments]
    .sort((a, b) => Number(b.lit) - Number(a.lit) || rank[a.health] - rank[b.health])
    .slice(0, LISTED)
    .sort((a, b) => a.at_ms - b.at_ms);
  const left = widget.moments.length - chosen.length;
  return (
    <>
      {left > 0 && (
        <p className={classes.where}>
          The worst {LISTED} are listed, {left} are not.
        </p>
      )}
      <TwinTable
        caption={widget.title || "Timeline"}
        head={["When", "Lasts", "Lane", "What", "Health"]}
        rows={chosen.map((each) => [
          <Time key="time" ms={each.at_ms} />,
          each.open
            ? "goes on"
            : each.until_ms === null
              ? ""
              : duration((each.until_ms - each.at_ms) / 1000),
          titles.get(each.lane) ?? each.lane,
          <div key="says">
            <To to={each.to}>{each.lit ? <b>{each.says}</b> : each.says}</To>
            {each.detail && <p className={classes.where}>{each.detail}</p>}
          </div>,
          <span key="health" data-health={each.health} className={classes.word}>
            <HealthMark health={each.health} label="" size={12} /> {healthWord[each.health]}
          </span>,
        ])}
      />
    </>
  );
}

/** What happened, lane by lane on one axis of time. */
export default function Timeline({ widget }: WidgetProps<"timeline">) {
  const { from_ms, until_ms } = widget;
  const all = useMemo(() => [from_ms, until_ms] as const, [from_ms, until_ms]);
  const viewed = useView(all, LEAST_MS);
  const of = widget.title || "Timeline";
  return (
    <Twin
      of={of}
      as="list"
      picture={<Picture widget={widget} viewed={viewed} />}
      table={() => <List widget={widget} />}
      beside={
        <div className={classes.foot}>
          <Tools
            of={of}
            onIn={() => viewed.zoom(0.5)}
            onOut={() => viewed.zoom(2)}
            onReset={viewed.whole ? undefined : viewed.reset}
          />
          <span className={classes.where}>
            Drag a stretch to see it closer, shift and drag moves.
          </span>
        </div>
      }
    />
  );
}
