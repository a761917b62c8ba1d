import { Button, Popover, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import {
  DEFAULT_SINCE,
  PRESETS,
  presetTitle,
  rangeOf,
  rangeTitle,
  stretch,
  timed,
} from "~/app/range";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import { useStore } from "~/shared/store";
import { useSecond } from "~/shared/Time";
import classes from "./TimeRange.module.css";

/** What an input of local time shows for a moment. */
const localText = (ms: number): string => {
  const at = new Date(ms);
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

function Custom({ onChosen }: { readonly onChosen: () => void }) {
  const { query, setQuery } = usePage();
  const { sinceMs, untilMs } = rangeOf(query, Date.now());
  const [since, setSince] = useState(localText(sinceMs));
  const [until, setUntil] = useState(localText(untilMs));
  const [from, to] = [Date.parse(since), Date.parse(until)];
  const wrong = !(from < to);
  return (
    <form
      className={classes.custom}
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong) return;
        setQuery(stretch(from, to));
        onChosen();
      }}
    >
      <label>
        From
        <input type="datetime-local" value={since} onChange={(e) => setSince(e.target.value)} />
      </label>
      <label>
        Until
        <input type="datetime-local" value={until} onChange={(e) => setUntil(e.target.value)} />
      </label>
      {wrong && <p role="alert">The beginning must lie before the end.</p>}
      <Button type="submit" size="compact-md" disabled={wrong}>
        Apply
      </Button>
    </form>
  );
}

/** The stretch of time that every page is about; it stands in the URL. */
export function TimeRange() {
  const { query, setQuery } = usePage();
  const [open, setOpen] = useState(false);
  const matters = useStore(timed);
  useSecond();
  const now = Date.now();
  const since = query.since || DEFAULT_SINCE;
  const shift = (by: number) => {
    const { sinceMs, untilMs } = rangeOf(query, Date.now());
    const step = (untilMs - sinceMs) * by;
    setQuery(stretch(sinceMs + step, untilMs + step));
  };
  const choose = (preset: string) => {
    setQuery({ since: preset === DEFAULT_SINCE ? undefined : preset, until: undefined });
    setOpen(false);
  };
  return (
    <div
      className={classes.range}
      data-idle={!matters || undefined}
      title={matters ? undefined : "This page shows the same at any time range"}
    >
      <UnstyledButton className={classes.step} aria-label="Earlier" onClick={() => shift(-0.5)}>
        <Icon name="left" size={12} />
      </UnstyledButton>
      <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus shadow="md">
        <Popover.Target>
          <UnstyledButton
            className={classes.button}
            aria-label={`Time range: ${rangeTitle(query, now)}`}
            onClick={() => setOpen((before) => !before)}
          >
            <Icon name="clock" size={14} />
            {rangeTitle(query, now)}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label="Time range">
          <div className={classes.presets}>
            {PRESETS.map((preset) => (
              <UnstyledButton
                key={preset}
                className={classes.preset}
                aria-pressed={!query.until && since === preset}
                onClick={() => choose(preset)}
              >
                {presetTitle(preset)}
              </UnstyledButton>
            ))}
          </div>
          <Custom onChosen={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
      <UnstyledButton
        className={classes.step}
        aria-label="Later"
        disabled={!query.until}
        onClick={() => shift(0.5)}
      >
        <Icon name="right" size={12} />
      </UnstyledButton>
    </div>
  );
}
