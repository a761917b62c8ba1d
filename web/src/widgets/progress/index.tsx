import type { Stage } from "~/api/pages";
import { duration, quantity } from "~/shared/format";
import { HealthMark } from "~/shared/HealthMark";
import { Running, Time } from "~/shared/Time";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Progress.module.css";

const isOpen = (stage: Stage): boolean => stage.from_ms !== null && stage.until_ms === null;

/** The stage that runs: the last to have begun, without an end and without a judgement yet. One
 * that has only a beginning and is judged, or has others after it, was a moment. */
export function running(stages: readonly Stage[]): Stage | undefined {
  const last = stages.filter((stage) => stage.from_ms !== null).at(-1);
  const judged = last?.health === "good" || last?.health === "bad";
  return last && isOpen(last) && !judged ? last : undefined;
}

function Took({ stage, runs }: { readonly stage: Stage; readonly runs: boolean }) {
  const { from_ms, until_ms } = stage;
  if (from_ms === null) return null;
  return (
    <small className={classes.took}>
      <Time ms={from_ms} />
      {until_ms !== null && ` · ${duration((until_ms - from_ms) / 1000)}`}
      {runs && (
        <>
          {" · "}
          <Running sinceMs={from_ms} />
        </>
      )}
    </small>
  );
}

/** How far it has come: the stages in their order, the one that runs stands out. */
export default function Progress({ widget }: WidgetProps<"progress">) {
  const { stages, done } = widget;
  const now = running(stages);
  return (
    <div>
      {done !== null && (
        <div className={classes.done}>
          <progress max={1} value={done} aria-label={`${widget.title || "Progress"}: done`} />
          <span className={classes.track} aria-hidden>
            <i style={{ width: `${Math.min(Math.max(done, 0), 1) * 100}%` }} />
          </span>
          <b>{quantity(Math.round(done * 100) / 100, "%")}</b>
        </div>
      )}
      <ol className={classes.stages}>
        {stages.map((stage) => (
          <li
            key={stage.id}
            data-health={stage.health}
            data-runs={stage === now || undefined}
            aria-current={stage === now ? "step" : undefined}
          >
            <span className={classes.mark}>
              <HealthMark health={stage.health} label="" size={16} />
            </span>
            <div>
              <p className={classes.title}>
                <b>{stage.title}</b> <span className={classes.state}>{stage.state}</span>
                <Took stage={stage} runs={stage === now} />
              </p>
              {stage.says && <p className={classes.says}>{stage.says}</p>}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}
