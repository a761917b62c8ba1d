import type { Cell } from "~/api/pages";
import { Cut } from "~/shared/Cut";
import { bytes, duration, NO_DATA, number, ratio } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { Spark } from "~/shared/Spark";
import { Time } from "~/shared/Time";
import { To } from "~/shared/To";
import classes from "./Grid.module.css";

interface Props {
  readonly cell: Cell | undefined;
  readonly shows: string;
  /** The row's own page, for the cell that leads there. */
  readonly to: string;
}

const NUMBERS: Readonly<Record<string, (value: number) => string>> = {
  number,
  bytes,
  ratio,
  duration,
};

function Value({ cell, shows }: { readonly cell: Cell; readonly shows: string }) {
  const { value } = cell;
  if (shows === "sparkline" && cell.trend.length > 1) return <Spark values={cell.trend} />;
  if (shows === "health") return value ?? healthWord[cell.health ?? "unknown"];
  if (value === null) return <span className={classes.none}>{NO_DATA}</span>;
  if (typeof value === "number") {
    if (shows === "time") return <Time ms={value} />;
    return (NUMBERS[shows] ?? number)(value);
  }
  if (shows === "entity") return <Cut text={value} tail={18} />;
  if (shows === "code") return <code className={classes.code}>{value}</code>;
  return value;
}

/** One value as its column shows it; what is not known says so. */
export function CellView({ cell, shows, to }: Props) {
  if (!cell) return <span className={classes.none}>–</span>;
  const judged = cell.health !== null && cell.health !== "neutral";
  const word = shows === "health" || typeof cell.value === "string" ? "" : undefined;
  return (
    <span
      className={classes.cell}
      data-health={cell.health ?? undefined}
      title={cell.hint || undefined}
    >
      {judged && cell.health && <HealthMark health={cell.health} label={word} size={12} />}
      <To to={cell.to || to} className={classes.value}>
        <Value cell={cell} shows={shows} />
      </To>
    </span>
  );
}
