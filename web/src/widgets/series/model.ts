import type { Line, Series } from "~/api/pages";
import { valueRange } from "~/shared/charts/scale";
import { quantity } from "~/shared/format";
import { time } from "~/shared/time";

/** A threshold further away than this many times the range would flatten the lines. */
const FAR = 1.5;

export interface Column {
  /** Of the widget's lines. */
  readonly line: number;
  readonly role: "value" | "low" | "high";
}

export interface Model {
  readonly data: ReadonlyArray<ReadonlyArray<number | null>>;
  /** What the columns of `data` after the first are. */
  readonly columns: readonly Column[];
}

const whole = (line: Line, x: number): boolean =>
  line.low.length === x && line.high.length === x && line.y.length === x;

const padded = (values: ReadonlyArray<number | null>, n: number): ReadonlyArray<number | null> =>
  values.length === n ? values : Array.from({ length: n }, (_, i) => values[i] ?? null);

/** The columns of a plot: each line's values, and its band's two edges beneath them. */
export function modelOf(widget: Series): Model {
  const n = widget.x_ms.length;
  const data: Array<ReadonlyArray<number | null>> = [widget.x_ms];
  const columns: Column[] = [];
  widget.lines.forEach((line, i) => {
    if (whole(line, n)) {
      data.push(line.low, line.high);
      columns.push({ line: i, role: "low" }, { line: i, role: "high" });
    }
    data.push(padded(line.y, n));
    columns.push({ line: i, role: "value" });
  });
  return { data, columns };
}

export interface Reach {
  readonly low: number;
  readonly high: number;
  /** The threshold lies within. */
  readonly threshold: boolean;
}

/** From where to where the axis of values goes for the lines that are shown. */
export function reachOf(widget: Series, hidden: ReadonlySet<number>): Reach {
  const shown = widget.lines.filter((_, i) => !hidden.has(i));
  const values = shown.flatMap((line) => [...line.y, ...line.low, ...line.high]);
  const [low, high] = valueRange(values);
  const { threshold } = widget;
  if (threshold === null) return { low, high, threshold: false };
  const away = Math.max(threshold - high, low - threshold) / (high - low);
  if (away > FAR) return { low, high, threshold: false };
  const [least, most] = valueRange([...values, threshold]);
  return { low: Math.min(low, least), high: Math.max(high, most), threshold: true };
}

/** The last value a line has. */
export function lastOf(line: Line): number | null {
  for (let i = line.y.length - 1; i >= 0; i -= 1) {
    const value = line.y[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Stretches without a value inside a line. */
export function gapsOf(line: Line): number {
  let gaps = 0;
  let before = true;
  for (const value of line.y) {
    const there = value !== null;
    if (!there && before) gaps += 1;
    before = there;
  }
  return gaps;
}

/** A chart in a sentence, for those who cannot see it. */
export function saidOf(widget: Series): string {
  const lines = widget.lines.map((line) => {
    const there = line.y.filter((value) => value !== null);
    if (there.length === 0) return `${line.name}: no data`;
    const [low, high] = [Math.min(...there), Math.max(...there)];
    const say = (value: number | null) => quantity(value, widget.unit);
    const gaps = gapsOf(line);
    const gap = gaps > 0 ? `, ${gaps} ${gaps === 1 ? "gap" : "gaps"}` : "";
    return `${line.name}: last ${say(lastOf(line))}, from ${say(low)} to ${say(high)}${gap}`;
  });
  const marks =
    widget.marks.length > 0 ? `; marked: ${widget.marks.map((each) => each.says).join(", ")}` : "";
  return `${widget.title || "Chart"}. ${lines.slice(0, 8).join("; ")}${marks}`;
}

/** A value beside its band: what a reader wants to know of it. */
export function judged(line: Line, i: number): string {
  const [value, low, high] = [line.y[i], line.low[i], line.high[i]];
  if (typeof value !== "number" || typeof low !== "number" || typeof high !== "number") return "";
  if (value > high) return "above its band";
  return value < low ? "below its band" : "";
}

/** What the crosshair stands on, in words. */
export function valueText(widget: Series, at: number | null): string {
  const i = at ?? widget.x_ms.length - 1;
  const values = widget.lines.map((line) => `${line.name} ${quantity(line.y[i], widget.unit)}`);
  const ms = widget.x_ms[i];
  return ms === undefined ? "no data" : `${time(ms)}: ${values.slice(0, 8).join(", ")}`;
}

/** Steps that are round in KiB, MiB, GiB. */
const BINARY = Array.from({ length: 51 }, (_, i) => 2 ** i);
const WHOLE = Array.from({ length: 12 }, (_, i) => [1, 2, 5].map((n) => n * 10 ** i)).flat();

/** The steps an axis may take, where not any will do: of bytes, and of what can be counted. */
export function stepsOf(widget: Series): number[] | undefined {
  if (widget.unit.startsWith("By")) return BINARY;
  const counted = widget.unit === "" || widget.unit === "1" || widget.unit.startsWith("{");
  const values = widget.lines.flatMap((each) => each.y).filter((value) => value !== null);
  return counted && values.length > 0 && values.every(Number.isInteger) ? WHOLE : undefined;
}
