import { WidgetState } from "~/page/WidgetState";
import type { WidgetProps } from "~/widgets/registry";
import { BulkBar } from "./BulkBar";
import { Grid } from "./Grid";
import { Pager } from "./Pager";
import classes from "./Table.module.css";
import { Toolbar } from "./Toolbar";
import { useChosen } from "./useChosen";

/** Rows of one page that the server made: it sorts, searches, filters and pages. */
export default function Table({ widget, page }: WidgetProps<"table">) {
  const chosen = useChosen(widget.rows);
  return (
    <div className={classes.table}>
      <Toolbar widget={widget} />
      <BulkBar widget={widget} page={page} chosen={chosen} />
      {widget.rows.length > 0 ? (
        <Grid widget={widget} page={page} chosen={chosen} />
      ) : (
        <WidgetState
          state="empty"
          missing={widget.missing || "No row fits the search and the filters."}
          remedy={widget.remedy}
          remedy_to={widget.remedy_to}
        />
      )}
      <Pager widget={widget} />
    </div>
  );
}
