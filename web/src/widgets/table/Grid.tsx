import type { Column, Table } from "~/api/pages";
import { Icon } from "~/shared/Icon";
import type { PageContext } from "~/shared/page";
import classes from "./Grid.module.css";
import { GridRow } from "./GridRow";
import type { Chosen } from "./useChosen";

interface Props {
  readonly widget: Table;
  readonly page: PageContext;
  readonly chosen: Chosen;
}

const NUMBERS = new Set(["number", "bytes", "ratio", "duration"]);

export const alignOf = (column: Column): "right" | undefined =>
  NUMBERS.has(column.shows) ? "right" : undefined;

function Head({ widget, column, page }: Pick<Props, "widget" | "page"> & { column: Column }) {
  const down = widget.sort === `-${column.key}`;
  const up = widget.sort === column.key;
  const sorted = down ? "descending" : up ? "ascending" : undefined;
  const sort = () =>
    page.setQuery({
      [`${widget.id}.sort`]: up ? `-${column.key}` : column.key,
      [`${widget.id}.after`]: undefined,
    });
  return (
    <th scope="col" role="columnheader" aria-sort={sorted} data-align={alignOf(column)}>
      {column.sortable ? (
        <button type="button" className={classes.sort} onClick={sort}>
          {column.title}
          <span className={classes.arrow}>
            {sorted && <Icon name={up ? "up" : "down"} size={10} />}
          </span>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

/** The rows: a table on a desk, cards on a phone. */
export function Grid({ widget, page, chosen }: Props) {
  const picks = widget.bulk.length > 0;
  const acts = widget.rows.some((row) => row.actions.length > 0);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} role="table" aria-label={widget.title || widget.id}>
        <thead role="rowgroup">
          <tr role="row">
            {picks && (
              <th scope="col" role="columnheader" className={classes.pick}>
                <input
                  type="checkbox"
                  aria-label="Choose all rows shown"
                  checked={chosen.all}
                  onChange={chosen.toggleAll}
                />
              </th>
            )}
            {widget.columns.map((column) => (
              <Head key={column.key} widget={widget} column={column} page={page} />
            ))}
            {acts && (
              <th scope="col" role="columnheader" className={classes.acts}>
                <span className="sr">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {widget.rows.map((row, i) => (
            <GridRow
              key={row.id}
              widget={widget}
              row={row}
              page={page}
              chosen={chosen}
              acts={acts}
              first={i === 0}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
