import { Button } from "@mantine/core";
import type { Health, State } from "~/api/pages";
import { HealthMark } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import classes from "./WidgetState.module.css";

interface Props {
  readonly state: State;
  readonly missing: string;
  readonly remedy: string;
  readonly remedy_to?: string;
  readonly onRetry?: () => void;
}

const marks: Record<State, [Health, string]> = {
  ok: ["neutral", ""],
  empty: ["unknown", "Nothing here"],
  error: ["bad", "It failed"],
  denied: ["unknown", "You may not see this"],
};

/** Why a widget shows nothing, and what would change that. */
export function WidgetState({ state, missing, remedy, remedy_to = "", onRetry }: Props) {
  const [health, word] = marks[state];
  return (
    <div
      className={classes.state}
      data-state={state}
      role={state === "error" ? "alert" : undefined}
    >
      <HealthMark health={health} label="" size={16} />
      <div>
        <p className={classes.missing}>{missing || word}</p>
        {remedy && (
          <p className={classes.remedy}>{remedy_to ? <To to={remedy_to}>{remedy}</To> : remedy}</p>
        )}
        {state === "error" && onRetry && (
          <Button size="compact-xs" variant="default" mt={6} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
