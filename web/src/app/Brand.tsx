import icon from "~/app/icon.svg";
import { To } from "~/shared/To";
import classes from "./Brand.module.css";

export function Brand() {
  return (
    <To to="overview" className={classes.brand} aria-label="Opsweave, overview">
      <img src={icon} alt="" width={22} height={22} />
      Opsweave
    </To>
  );
}
