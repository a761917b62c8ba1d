import { type ReactNode, useState } from "react";
import classes from "./Twin.module.css";

interface Props {
  /** What the picture is of, for those who are read the button. */
  readonly of: string;
  readonly picture: ReactNode;
  /** The same in words and numbers; made when it is asked for. */
  readonly table: () => ReactNode;
  readonly as?: "table" | "list";
  /** Stands beside the button: a legend, tools. */
  readonly beside?: ReactNode;
}

/** A picture, and the same as a table for those who cannot see it or want the numbers. */
export function Twin({ of, picture, table, as = "table", beside }: Props) {
  const [read, setRead] = useState(false);
  return (
    <>
      {read ? table() : picture}
      <div className={classes.foot}>
        <div className={classes.beside}>{!read && beside}</div>
        <button
          type="button"
          className={classes.turn}
          aria-label={`${of}: show as ${read ? "picture" : as}`}
          onClick={() => setRead(!read)}
        >
          Show as {read ? "picture" : as}
        </button>
      </div>
    </>
  );
}

interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: ReadonlyArray<readonly ReactNode[]>;
}

/** The plain table of a picture; it scrolls in itself. */
export function TwinTable({ caption, head, rows }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={classes.scroll} role="group" aria-label={caption} tabIndex={0}>
      <table className={classes.table}>
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, j) => (
                <td key={head[j]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
