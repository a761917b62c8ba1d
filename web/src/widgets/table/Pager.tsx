import { Button } from "@mantine/core";
import { useRef } from "react";
import type { Table } from "~/api/pages";
import { count } from "~/shared/format";
import { usePage } from "~/shared/page";
import classes from "./Pager.module.css";

/** How many rows there are, and the way to the others. */
export function Pager({ widget }: { readonly widget: Table }) {
  const { query, setQuery } = usePage();
  const param = `${widget.id}.after`;
  const here = query[param] ?? "";
  // The server names the next page; the way back is what one came by.
  const passed = useRef<string[]>([]);
  const turn = (after: string | undefined) => setQuery({ [param]: after || undefined });
  const { rows, total, next, previous } = widget;
  const back = () => turn(previous || passed.current.pop());
  if (rows.length === 0 && !here) return null;
  const whole = total !== null && total <= rows.length && !here && !next;
  return (
    <div className={classes.pager}>
      <span>
        {whole || total === null ? "" : `${count(rows.length)} of `}
        {total === null ? `${count(rows.length)} shown` : count(total)}
        {total === 1 ? " row" : total === null ? "" : " rows"}
      </span>
      {(here || next) && (
        <div className={classes.buttons}>
          <Button size="compact-sm" variant="default" disabled={!here} onClick={back}>
            {previous || passed.current.length > 0 ? "Back" : "First page"}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={!next}
            onClick={() => {
              passed.current.push(here);
              turn(next);
            }}
          >
            Next
          </Button>
        </div>
      )}
    </div>
  );
}
