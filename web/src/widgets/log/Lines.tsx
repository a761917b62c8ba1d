import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import type { LogLine } from "~/api/pages";
import { HealthMark } from "~/shared/HealthMark";
import { clockTime, utc } from "~/shared/time";
import { windowOf } from "~/widgets/log/model";
import classes from "./Log.module.css";

const ROW = 24;
const MOST = 20;
const NEAR_END = 40;

interface Props {
  readonly lines: readonly LogLine[];
  readonly title: string;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string | undefined) => void;
}

function One({ line, chosen }: { line: LogLine; chosen: boolean }) {
  return (
    <>
      <time title={utc(line.at_ms)}>{clockTime(line.at_ms)}</time>
      <span className={classes.severity}>
        {(line.health === "bad" || line.health === "warning") && (
          <HealthMark health={line.health} label="" size={11} />
        )}
        {line.severity}
      </span>
      <span className={classes.text} data-chosen={chosen || undefined}>
        {line.text}
      </span>
    </>
  );
}

/** Lines of one height of which only those in sight are made; newest last, in sight at first. */
export function Lines({ lines, title, chosen, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(Number.POSITIVE_INFINITY);
  const atEnd = useRef(true);
  const tall = Math.min(Math.max(lines.length, 1), MOST) * ROW;
  const whole = lines.length * ROW;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (atEnd.current) element.scrollTop = whole;
    setTop(Math.min(element.scrollTop, Math.max(whole - tall, 0)));
  }, [lines, whole]);
  const [from, until] = windowOf(Math.min(top, Math.max(whole - tall, 0)), tall, ROW, lines.length);
  const at = lines.findIndex((line) => line.id === chosen);
  const keys = (event: KeyboardEvent) => {
    const last = lines.length - 1;
    const to = {
      ArrowDown: at < 0 ? last : at + 1,
      ArrowUp: at < 0 ? last : at - 1,
      PageDown: at + MOST,
      PageUp: at - MOST,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === "Escape") onChoose(undefined);
    if (to === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), last);
    onChoose(lines[next]?.id);
    const element = box.current;
    if (!element) return;
    if (next * ROW < element.scrollTop) element.scrollTop = next * ROW;
    else if ((next + 1) * ROW > element.scrollTop + tall)
      element.scrollTop = (next + 1) * ROW - tall;
  };
  return (
    <div
      ref={box}
      className={classes.lines}
      style={{ height: tall }}
      role="listbox"
      aria-label={`${title || "Log"}: ${lines.length} lines, newest last`}
      aria-activedescendant={chosen ? `line-${chosen}` : undefined}
      tabIndex={0}
      onKeyDown={keys}
      onScroll={(event) => {
        const { scrollTop } = event.currentTarget;
        atEnd.current = scrollTop + tall > whole - NEAR_END;
        setTop(scrollTop);
      }}
    >
      <div style={{ height: whole, paddingTop: from * ROW }} role="presentation">
        {lines.slice(from, until).map((line, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, as a listbox does
          <div
            key={line.id}
            id={`line-${line.id}`}
            className={classes.line}
            role="option"
            aria-selected={line.id === chosen}
            aria-posinset={from + i + 1}
            aria-setsize={lines.length}
            data-health={line.health}
            onClick={() => onChoose(line.id === chosen ? undefined : line.id)}
          >
            <One line={line} chosen={line.id === chosen} />
          </div>
        ))}
      </div>
    </div>
  );
}
