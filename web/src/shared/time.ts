/** Times in the viewer's zone; the same in UTC for the title. */

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const short = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
});

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** "14:02:11" today, "3 Mar 14:02" this year, "3 Mar 2025 14:02" before. */
export function time(ms: number, nowMs = Date.now()): string {
  const at = new Date(ms);
  const now = new Date(nowMs);
  if (sameDay(at, now)) return clock.format(at);
  if (at.getFullYear() === now.getFullYear()) return `${day.format(at)} ${short.format(at)}`;
  return `${dayYear.format(at)} ${short.format(at)}`;
}

export const clockTime = (ms: number): string => clock.format(ms);
export const shortTime = (ms: number): string => short.format(ms);
export const dayOf = (ms: number): string => day.format(ms);

/** "2026-03-03 14:02:11.250 UTC": what stands in the title of every time. */
export function utc(ms: number): string {
  if (!Number.isFinite(ms)) return "";
  const said = new Date(ms).toISOString().replace("T", " ").replace("Z", "");
  return `${said.replace(".000", "")} UTC`;
}

/** Labels of an axis whose ticks lie `stepMs` apart. */
export function tick(ms: number, stepMs: number): string {
  if (stepMs >= 86_400_000) return day.format(ms);
  if (stepMs >= 60_000) {
    const at = new Date(ms);
    return at.getHours() + at.getMinutes() === 0 ? day.format(at) : short.format(at);
  }
  return clock.format(ms);
}
