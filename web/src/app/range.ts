import { duration } from "~/shared/format";
import type { Query } from "~/shared/page";
import { store } from "~/shared/store";
import { time } from "~/shared/time";

/** Whether the page that is shown depends on the time range. */
export const timed = store(true);

export const PRESETS = ["-15m", "-1h", "-6h", "-24h", "-7d", "-30d"] as const;
export const DEFAULT_SINCE = "-1h";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** "-90m" as seconds before now; nothing where the text is no relative time. */
export function relativeSeconds(text: string): number | undefined {
  const match = /^-(\d+)([smhdw])$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 0) : undefined;
}

export function presetTitle(text: string): string {
  const seconds = relativeSeconds(text);
  return seconds === undefined ? text : `last ${duration(seconds)}`;
}

export interface Range {
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Ends now, and moves on. */
  readonly live: boolean;
}

/** The time range that a query means. */
export function rangeOf(query: Query, nowMs: number): Range {
  const until = query.until ? momentOf(query.until, nowMs) : nowMs;
  const since = momentOf(query.since || DEFAULT_SINCE, nowMs);
  return { sinceMs: since, untilMs: until, live: !query.until };
}

function momentOf(text: string, nowMs: number): number {
  const seconds = relativeSeconds(text);
  if (seconds !== undefined) return nowMs - seconds * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? nowMs : at;
}

export function rangeTitle(query: Query, nowMs: number): string {
  if (!query.until) {
    const since = query.since || DEFAULT_SINCE;
    return relativeSeconds(since) === undefined
      ? `${time(momentOf(since, nowMs), nowMs)} – now`
      : presetTitle(since);
  }
  const { sinceMs, untilMs } = rangeOf(query, nowMs);
  return `${time(sinceMs, nowMs)} – ${time(untilMs, nowMs)}`;
}

/** The query of a stretch of time, to the second. */
export const stretch = (sinceMs: number, untilMs: number) => ({
  since: new Date(Math.floor(sinceMs / 1000) * 1000).toISOString().replace(".000", ""),
  until: new Date(Math.ceil(untilMs / 1000) * 1000).toISOString().replace(".000", ""),
});
