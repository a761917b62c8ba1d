import { Tooltip } from "@mantine/core";
import type { MatrixCell, MatrixRow, Matrix as MatrixWidget } from "~/api/pages";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import { useWidth } from "~/shared/useSize";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Matrix.module.css";

const NARROW = 700;
const COLUMN = 92;

function Cell({ cell, of }: { readonly cell: MatrixCell; readonly of: string }) {
  const word = healthWord[cell.health];
  const inside = (
    <To
      to={cell.to}
      className={classes.cell}
      aria-label={cell.to ? `${of}: ${word ? `${word}, ` : ""}${cell.text}` : undefined}
    >
      <HealthMark health={cell.health} label={cell.to || !cell.text ? "" : word} size={13} />
      <span>{cell.text || word}</span>
    </To>
  );
  return (
    <div data-health={cell.health} className={classes.room}>
      {cell.says ? (
        <Tooltip label={`${of}: ${cell.says}`}>
          <div>{inside}</div>
        </Tooltip>
      ) : (
        inside
      )}
    </div>
  );
}

type Drawn = Pick<MatrixWidget, "columns" | "rows" | "title">;

function Grid({ columns, rows, title }: Drawn) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={classes.scroll} role="group" aria-label={title || "Matrix"} tabIndex={0}>
      <table className={classes.table} style={{ minWidth: 130 + columns.length * COLUMN }}>
        <thead>
          <tr>
            <td className={classes.corner} />
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.title} data-lit={row.lit || undefined}>
              <th scope="row">
                <To to={row.to}>{row.title}</To>
                {row.lit && <span className="sr">, of your role</span>}
              </th>
              {columns.map((column, i) => {
                const cell = row.cells[i];
                return (
                  <td key={column}>
                    {cell ? <Cell cell={cell} of={`${row.title}, ${column}`} /> : <Nothing />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Nothing = () => (
  <span className={classes.nothing}>
    <span aria-hidden>·</span>
    <span className="sr">nothing at this stage</span>
  </span>
);

function Stack({ row, columns }: { readonly row: MatrixRow; readonly columns: readonly string[] }) {
  return (
    <li className={classes.stack} data-lit={row.lit || undefined}>
      <h4>
        <To to={row.to}>{row.title}</To>
      </h4>
      <dl>
        {columns.map((column, i) => {
          const cell = row.cells[i];
          if (!cell) return null;
          return (
            <div key={column}>
              <dt>{column}</dt>
              <dd>
                <Cell cell={cell} of={`${row.title}, ${column}`} />
              </dd>
            </div>
          );
        })}
      </dl>
    </li>
  );
}

/** Rows by columns; on a phone one card a row, without the cells that hold nothing. */
export default function Matrix({ widget }: WidgetProps<"matrix">) {
  const [box, width] = useWidth<HTMLDivElement>();
  const narrow = width > 0 && width < NARROW;
  return (
    <div ref={box}>
      {narrow ? (
        <ul>
          {widget.rows.map((row) => (
            <Stack key={row.title} row={row} columns={widget.columns} />
          ))}
        </ul>
      ) : (
        <Grid {...widget} />
      )}
    </div>
  );
}
