import type { Dismissal } from "~/api/pages";
import { Cut } from "~/shared/Cut";
import { quantity } from "~/shared/format";
import { To } from "~/shared/To";
import { Cause, Evidence } from "~/widgets/hypotheses/Cause";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Hypotheses.module.css";

const NEAR = 0.15;

function Dismissed({ of }: { readonly of: readonly Dismissal[] }) {
  if (of.length === 0) return null;
  return (
    <details className={classes.dismissed}>
      <summary>
        {of.length} dismissed, {of.length === 1 ? "with its reason" : "each with its reason"}
      </summary>
      <ul>
        {of.map((each) => (
          <li key={each.entity + each.says}>
            <p className={classes.was}>{each.says}</p>
            <p>
              <b>Dismissed:</b> {each.reason}
            </p>
            <p className={classes.facts}>
              <To to={each.entity_to}>
                <Cut text={each.entity} tail={20} />
              </To>
            </p>
            <Evidence of={each.says} proofs={each.evidence} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The tree of causes, likeliest first; what was dismissed stays, in grey, with the reason. */
export default function Hypotheses({ widget }: WidgetProps<"hypotheses">) {
  const { causes, dismissed, no_change_is_guilty } = widget;
  const best = causes[0]?.score ?? 0;
  return (
    <div className={classes.tree}>
      {causes.length === 0 && (
        <p className={classes.none}>No cause is left: all that was suspected is dismissed.</p>
      )}
      <ol>
        {causes.map((cause) => (
          <Cause key={cause.id} cause={cause} opened={best - cause.score < NEAR} />
        ))}
      </ol>
      {no_change_is_guilty !== null && (
        <p className={classes.innocent}>
          That no change is guilty: <b>{quantity(no_change_is_guilty, "%")}</b>
          <span className={classes.track} aria-hidden>
            <i style={{ width: `${no_change_is_guilty * 100}%` }} />
          </span>
        </p>
      )}
      <Dismissed of={dismissed} />
    </div>
  );
}
