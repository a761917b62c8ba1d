import { HealthMark } from "~/shared/HealthMark";
import classes from "./Problem.module.css";

interface Props {
  readonly said: { readonly says: string; readonly action: string };
}

/** What went wrong, and what to do about it. */
export function Problem({ said }: Props) {
  return (
    <div role="alert" className={classes.problem} data-health="bad">
      <HealthMark health="bad" label="" />
      <div>
        <p>{said.says}</p>
        {said.action && <p className={classes.action}>To do: {said.action}</p>}
      </div>
    </div>
  );
}
