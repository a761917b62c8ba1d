import { NO_DATA, quantity } from "~/shared/format";
import { HealthMark } from "~/shared/HealthMark";
import { Spark } from "~/shared/Spark";
import { To } from "~/shared/To";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Stat.module.css";

/** One number, the word for it, and how it was before. */
export default function Stat({ widget }: WidgetProps<"stat">) {
  const said = widget.text || quantity(widget.value, widget.unit);
  const none = !widget.text && widget.value === null;
  const judged = widget.health !== "neutral";
  return (
    <div className={classes.stat} data-health={widget.health}>
      <div className={classes.row}>
        <To to={widget.to} className={classes.value}>
          {judged && <HealthMark health={widget.health} size={16} />}
          <span className={none ? classes.none : undefined}>{none ? NO_DATA : said}</span>
        </To>
        <span className={classes.trend}>
          <Spark values={widget.trend} width={88} height={28} />
        </span>
      </div>
      {widget.says && <p className={classes.says}>{widget.says}</p>}
    </div>
  );
}
