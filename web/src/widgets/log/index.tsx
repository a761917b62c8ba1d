import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { LogLine } from "~/api/pages";
import { Copied } from "~/shared/Copied";
import { cutMiddle } from "~/shared/Cut";
import { count } from "~/shared/format";
import { HealthMark } from "~/shared/HealthMark";
import { Time } from "~/shared/Time";
import { To } from "~/shared/To";
import { Lines } from "~/widgets/log/Lines";
import { asText, type Template, templatesOf } from "~/widgets/log/model";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Log.module.css";

const CHIPS = 6;
const LETTERS = 44;

interface ChipsProps {
  readonly templates: readonly Template[];
  readonly chosen: string;
  readonly onChoose: (template: string) => void;
}

function Chips({ templates, chosen, onChoose }: ChipsProps) {
  const [all, setAll] = useState(false);
  const shown = all ? templates : templates.slice(0, CHIPS);
  if (templates.length < 2) return null;
  return (
    <fieldset className={classes.chips} aria-label="Templates">
      {shown.map(({ text, n, health }) => (
        <button
          key={text}
          type="button"
          aria-pressed={text === chosen}
          title={text}
          data-health={health}
          onClick={() => onChoose(text === chosen ? "" : text)}
        >
          {(health === "bad" || health === "warning") && <HealthMark health={health} size={11} />}
          <b>{count(n)}</b> {cutMiddle(text, LETTERS)}
        </button>
      ))}
      {templates.length > CHIPS && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "fewer" : `${templates.length - CHIPS} more`}
        </button>
      )}
    </fieldset>
  );
}

function Chosen({ line }: { readonly line: LogLine }) {
  return (
    <div className={classes.chosen} data-health={line.health}>
      <p className={classes.where}>
        <Time ms={line.at_ms} /> · {line.entity}
        {line.severity && ` · ${line.severity}`}
        {line.to && (
          <>
            {" · "}
            <To to={line.to}>what happened around it</To>
          </>
        )}
      </p>
      <Copied text={line.text} />
      {line.template && <p className={classes.where}>Template: {line.template}</p>}
    </div>
  );
}

function CopyAll({ lines }: { readonly lines: readonly LogLine[] }) {
  const [said, setSaid] = useState("");
  const copy = () =>
    navigator.clipboard.writeText(asText(lines)).then(
      () => setSaid("Copied"),
      () => setSaid("The browser does not allow it"),
    );
  return (
    <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void copy()}>
      <span aria-live="polite">
        {said || `Copy ${lines.length === 1 ? "the line" : `${count(lines.length)} lines`}`}
      </span>
    </Button>
  );
}

/** Lines, newest last; a template is a filter, a line opens beneath. */
export default function Log({ widget, page }: WidgetProps<"log">) {
  const [template, setTemplate] = useState("");
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const templates = useMemo(() => templatesOf(widget.lines), [widget.lines]);
  const only = templates.some((each) => each.text === template) ? template : "";
  const lines = useMemo(
    () => (only ? widget.lines.filter((line) => line.template === only) : widget.lines),
    [widget.lines, only],
  );
  const after = `${widget.id}.after`;
  const line = lines.find((each) => each.id === chosen);
  return (
    <div>
      <Chips templates={templates} chosen={only} onChoose={setTemplate} />
      <div className={classes.head}>
        <span>
          {widget.next && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => page.setQuery({ [after]: widget.next })}
            >
              Older lines
            </Button>
          )}{" "}
          {page.query[after] && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => page.setQuery({ [after]: undefined })}
            >
              Newest lines
            </Button>
          )}
        </span>
        <CopyAll lines={lines} />
      </div>
      <Lines lines={lines} title={widget.title} chosen={chosen} onChoose={setChosen} />
      {line && <Chosen line={line} />}
    </div>
  );
}
