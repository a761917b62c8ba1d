import type { Table } from "~/api/pages";
import { ActionButton } from "~/shared/Actions";
import type { PageContext } from "~/shared/page";
import { PageScope } from "~/shared/page";
import classes from "./BulkBar.module.css";
import type { Chosen } from "./useChosen";

interface Props {
  readonly widget: Table;
  readonly page: PageContext;
  readonly chosen: Chosen;
}

/** Actions of the table itself: those that work on no row. */
export function ownActions(widget: Table) {
  const rows = new Set([...widget.bulk, ...widget.rows.flatMap((row) => row.actions)]);
  return widget.actions.filter((action) => !rows.has(action.id));
}

/** What can be done to the chosen rows at once, and what to the table. */
export function BulkBar({ widget, page, chosen }: Props) {
  const own = ownActions(widget);
  const bulk = widget.actions.filter((action) => widget.bulk.includes(action.id));
  const ids = [...chosen.ids];
  if (ids.length === 0 && own.length === 0) return null;
  const done: PageContext = {
    ...page,
    act: async (action, extra) => {
      const answer = await page.act(action, extra);
      if (answer !== undefined) chosen.clear();
      return answer;
    },
  };
  return (
    <div className={classes.bar} data-on={ids.length > 0 || undefined}>
      {own.map((action) => (
        <ActionButton key={action.id} action={action} />
      ))}
      {ids.length > 0 && (
        <PageScope.Provider value={done}>
          <span className={classes.n} role="status">
            {ids.length} chosen
          </span>
          {bulk.map((action) => (
            <ActionButton key={action.id} action={action} extra={{ ids }} />
          ))}
          <button type="button" className={classes.clear} onClick={chosen.clear}>
            Choose none
          </button>
        </PageScope.Provider>
      )}
    </div>
  );
}
