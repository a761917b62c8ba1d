import type { Health, Moment } from "~/api/pages";
import { worse } from "~/shared/charts/colours";
import { linear } from "~/shared/charts/scale";
import type { View } from "~/shared/charts/useView";

/** What is drawn: one moment, or many that would lie over each other. */
export interface Item {
  readonly moments: readonly Moment[];
  readonly x: number;
  readonly width: number;
  readonly row: number;
  readonly health: Health;
  /** Goes on beyond what is seen. */
  readonly before: boolean;
  readonly after: boolean;
  /** Pixels for its name inside and beside of it. */
  inside: number;
  beside: number;
}

export interface LanePlace {
  readonly items: readonly Item[];
  readonly rows: number;
}

const POINT = 15;
const CROWD = 34;
const THIN = 8;
/** Rows of a lane; of one with few moments a few more, before any are drawn as one. */
const ROWS = 3;
const FEW_ROWS = 6;
const FEW = 24;
const SPACE = 4;

/** Until when a moment lasts; nothing where it is one point. */
export function endOf(moment: Moment, untilMs: number): number | undefined {
  if (moment.open) return Math.max(untilMs, moment.at_ms);
  return moment.until_ms ?? undefined;
}

function single(moment: Moment, x: number, end: number | undefined, width: number): Item {
  const [from, until] = [Math.max(x, 0), Math.min(end ?? x, width)];
  const long = end !== undefined && until - from >= THIN;
  return {
    moments: [moment],
    x: long ? from : Math.min(Math.max(x, 0), width) - POINT / 2,
    width: long ? until - from : POINT,
    row: 0,
    health: moment.health,
    before: long && x < 0,
    after: long && (moment.open || (end ?? 0) > width),
    inside: 0,
    beside: 0,
  };
}

function crowd(moments: readonly Moment[], x: number): Item {
  return {
    moments,
    x,
    width: moments.length > 99 ? 30 : moments.length > 9 ? 24 : 20,
    row: 0,
    health: moments.map((each) => each.health).reduce(worse),
    before: false,
    after: false,
    inside: 0,
    beside: 0,
  };
}

const isPoint = (item: Item): boolean => item.width === POINT;
const isLit = (item: Item): boolean => item.moments.some((each) => each.lit);

/** Points that would lie over each other become one; what is lit stays alone. */
function clustered(items: readonly Item[]): Item[] {
  const out: Item[] = [];
  let open: Item[] = [];
  const close = () => {
    const [first] = open;
    if (first && open.length > 1)
      out.push(
        crowd(
          open.flatMap((each) => each.moments),
          first.x,
        ),
      );
    else out.push(...open);
    open = [];
  };
  for (const item of items) {
    if (!isPoint(item) || isLit(item)) out.push(item);
    else {
      // A crowd is wider than a point: what it would cover joins it.
      const covers = open.length > 1 ? CROWD : POINT;
      if (open[0] && item.x - open[0].x > covers) close();
      open.push(item);
    }
  }
  close();
  return out.sort((a, b) => a.x - b.x);
}

/** Each in the first row that is free; what finds none joins the crowd nearest before it. */
function packed(items: readonly Item[], width: number): Item[] {
  const rows: Item[][] = [];
  const most = items.length <= FEW ? FEW_ROWS : ROWS;
  for (const item of items) {
    const free = rows.findIndex((row) => {
      const last = row.at(-1);
      return !last || last.x + last.width + SPACE <= item.x;
    });
    if (free >= 0) rows[free]?.push({ ...item, row: free });
    else if (rows.length < most) rows.push([{ ...item, row: rows.length }]);
    else joined(rows, item);
  }
  for (const row of rows) named(row, width);
  return rows.flat();
}

function joined(rows: Item[][], item: Item) {
  const row = rows.at(-1);
  const last = row?.pop();
  if (!row || !last) return;
  const moments = [...last.moments, ...item.moments];
  row.push({ ...crowd(moments, last.x), row: last.row });
}

/** Gives each the room until the next of its row. */
function named(row: Item[], width: number) {
  row.forEach((item, i) => {
    if (item.moments.length > 1) return;
    const end = item.x + item.width + SPACE;
    item.inside = isPoint(item) ? 0 : Math.max(item.width - 24, 0);
    item.beside = Math.max(Math.min(row[i + 1]?.x ?? width, width) - end - SPACE, 0);
  });
}

/** The lanes in pixels; `moments` of each in order of time. */
export function place(
  lanes: ReadonlyMap<string, readonly Moment[]>,
  [fromMs, untilMs]: View,
  width: number,
): ReadonlyMap<string, LanePlace> {
  const x = linear(fromMs, untilMs, 0, width);
  const out = new Map<string, LanePlace>();
  for (const [lane, moments] of lanes) {
    const seen: Item[] = [];
    for (const moment of moments) {
      if (moment.at_ms > untilMs) break;
      const end = endOf(moment, untilMs);
      if ((end ?? moment.at_ms) < fromMs) continue;
      seen.push(single(moment, x(moment.at_ms), end === undefined ? end : x(end), width));
    }
    const items = packed(clustered(seen), width);
    out.set(lane, { items, rows: 1 + Math.max(0, ...items.map((item) => item.row)) });
  }
  return out;
}

/** Moments by lane, each lane in order of time; lanes nobody declared come last. */
export function byLane(
  lanes: readonly string[],
  moments: readonly Moment[],
): ReadonlyMap<string, readonly Moment[]> {
  const out = new Map<string, Moment[]>(lanes.map((lane) => [lane, []]));
  for (const moment of moments) {
    const lane = out.get(moment.lane);
    if (lane) lane.push(moment);
    else out.set(moment.lane, [moment]);
  }
  for (const lane of out.values()) lane.sort((a, b) => a.at_ms - b.at_ms);
  return out;
}
