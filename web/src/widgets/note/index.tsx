import { Copied } from "~/shared/Copied";
import { HealthMark } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Note.module.css";

/** Plain paragraphs; markup in them stays text. */
export default function Note({ widget }: WidgetProps<"note">) {
  const judged = widget.health !== "neutral";
  return (
    <div className={classes.note} data-health={widget.health} data-judged={judged || undefined}>
      {judged && <HealthMark health={widget.health} />}
      <div className={classes.words}>
        {widget.paragraphs.map((text) => (
          <p key={text}>{text}</p>
        ))}
        {widget.code && <Copied text={widget.code} />}
        {widget.to && <To to={widget.to}>{widget.to_title || widget.to}</To>}
      </div>
    </div>
  );
}
