import type { CalendarEntry } from "~/api/pages";
import { dayOf, shortTime } from "~/shared/time";

export const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
export const when = (ms: number): string => `${weekday.format(ms)} ${dayOf(ms)} ${shortTime(ms)}`;

export interface Day {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly weekend: boolean;
}

/** The days of the viewer's zone from one time to another; a day of a clock change has 23 or 25 h. */
export function daysOf(fromMs: number, untilMs: number, most = 400): readonly Day[] {
  const days: Day[] = [];
  const at = new Date(fromMs);
  at.setHours(0, 0, 0, 0);
  while (at.getTime() < untilMs && days.length < most) {
    const begins = at.getTime();
    const weekend = at.getDay() === 0 || at.getDay() === 6;
    at.setDate(at.getDate() + 1);
    days.push({ fromMs: begins, untilMs: at.getTime(), weekend });
  }
  return days;
}

export interface LaneRows {
  readonly lane: string;
  readonly rows: ReadonlyArray<readonly CalendarEntry[]>;
}

/** Lanes in the order in which they first appear; entries at the same time stand in several rows. */
export function laneRows(entries: readonly CalendarEntry[]): readonly LaneRows[] {
  const lanes = new Map<string, CalendarEntry[][]>();
  for (const entry of entries) if (!lanes.has(entry.lane)) lanes.set(entry.lane, []);
  for (const entry of [...entries].sort((a, b) => a.from_ms - b.from_ms)) {
    const rows = lanes.get(entry.lane) ?? [];
    const free = rows.find((row) => (row.at(-1)?.until_ms ?? 0) <= entry.from_ms);
    if (free) free.push(entry);
    else rows.push([entry]);
  }
  return [...lanes].map(([lane, rows]) => ({ lane, rows }));
}
