import type { KeyboardEvent, MouseEvent } from "react";
import type { Column, Row, Table } from "~/api/pages";
import type { PageContext } from "~/shared/page";
import { CellView } from "./CellView";
import { alignOf } from "./Grid";
import classes from "./Grid.module.css";
import { RowMenu } from "./RowMenu";
import type { Chosen } from "./useChosen";

interface Props {
  readonly widget: Table;
  readonly row: Row;
  readonly page: PageContext;
  readonly chosen: Chosen;
  readonly acts: boolean;
  readonly first: boolean;
}

const WORDS = new Set(["text", "entity", "code", "health"]);
const INNER = "a, button, input, label, select, textarea";

/** The column that names the row: the first words that are neither a health nor lead elsewhere. */
function mainColumn(columns: readonly Column[], row: Row): string | undefined {
  const cellOf = (column: Column) => row.cells[column.key];
  const said = columns.filter(
    (column) => WORDS.has(column.shows) && cellOf(column)?.value !== null,
  );
  const plain = said.filter((column) => !cellOf(column)?.health);
  return (plain.find((column) => !cellOf(column)?.to) ?? plain[0] ?? said[0] ?? columns[0])?.key;
}

/** The column that leads to the row's page: the one that names it, or one that leads nowhere. */
function linkColumn(columns: readonly Column[], row: Row, main: string | undefined) {
  if (!row.to) return undefined;
  const free = (key: string) => !row.cells[key]?.to && row.cells[key]?.value !== null;
  if (main !== undefined && free(main)) return main;
  return columns.find((column) => WORDS.has(column.shows) && free(column.key))?.key;
}

function useRow({ widget, row, page, chosen }: Props) {
  const offered = widget.actions.filter((action) => row.actions.includes(action.id));
  const open = (event: MouseEvent<HTMLElement>) => {
    if (!row.to || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ((event.target as Element).closest(INNER)) return;
    if (!document.getSelection()?.isCollapsed) return;
    page.go(row.to);
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    const action = offered.find((each) => each.key === event.key);
    if (event.key === "Enter" && row.to) page.go(row.to);
    else if (event.key === "x" && widget.bulk.length > 0) chosen.toggle(row.id);
    else if (action) void page.act(action, { id: row.id });
    else return;
    event.preventDefault();
  };
  return { offered, open, press };
}

export function GridRow(props: Props) {
  const { widget, row, chosen, acts, first } = props;
  const { offered, open, press } = useRow(props);
  const main = mainColumn(widget.columns, row);
  const link = linkColumn(widget.columns, row, main);
  const picked = chosen.ids.has(row.id);
  return (
    <tr
      role="row"
      className={classes.row}
      data-row
      data-health={row.health ?? undefined}
      data-opens={row.to ? true : undefined}
      data-picked={picked || undefined}
      tabIndex={first ? 0 : -1}
      onClick={open}
      onKeyDown={press}
    >
      {widget.bulk.length > 0 && (
        <td role="cell" className={classes.pick}>
          <input
            type="checkbox"
            aria-label={`Choose ${String(row.cells[main ?? ""]?.value ?? row.id)}`}
            checked={picked}
            onChange={() => chosen.toggle(row.id)}
          />
        </td>
      )}
      {widget.columns.map((column) => (
        <td
          key={column.key}
          role="cell"
          data-label={column.title}
          data-align={alignOf(column)}
          data-shows={column.shows}
          data-main={column.key === main || undefined}
          data-hide={column.hide_on_phone || undefined}
        >
          <CellView
            cell={row.cells[column.key]}
            shows={column.shows}
            to={column.key === link ? row.to : ""}
          />
        </td>
      ))}
      {acts && (
        <td role="cell" className={classes.acts} data-menu={offered.length > 1 || undefined}>
          <RowMenu actions={offered} id={row.id} />
        </td>
      )}
    </tr>
  );
}
