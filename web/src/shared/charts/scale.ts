/** Scales and the places of their ticks. */

export type Scale = (value: number) => number;

/** A line from one stretch to another; a stretch of nothing maps to the beginning. */
export function linear(from: number, until: number, low: number, high: number): Scale {
  const step = until === from ? 0 : (high - low) / (until - from);
  return (value) => low + (value - from) * step;
}

/** Round numbers between two, about `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  const room = high - low;
  if (!(room > 0) || count < 1) return [];
  const rough = room / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
  const step = times * power;
  const out: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) {
    out.push(Number((i * step).toPrecision(12)));
  }
  return out;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map((n) => n * DAY),
];

export interface TimeTicks {
  readonly stepMs: number;
  readonly at: readonly number[];
}

/** Full minutes, hours or days of the viewer's zone, about `count` of them. */
export function timeTicks(fromMs: number, untilMs: number, count: number): TimeTicks {
  const rough = (untilMs - fromMs) / Math.max(count, 1);
  const stepMs = STEPS.find((step) => step >= rough) ?? 364 * DAY;
  const shift = new Date(fromMs).getTimezoneOffset() * MINUTE;
  const at: number[] = [];
  for (let i = Math.ceil((fromMs - shift) / stepMs); i * stepMs + shift <= untilMs; i += 1) {
    at.push(i * stepMs + shift);
  }
  return { stepMs, at };
}

/** Where the numbers of a picture begin and end: from 0 where that wastes less than half of it. */
export function valueRange(values: Iterable<number | null | undefined>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  if (low === high) return low === 0 ? [0, 1] : [Math.min(0, low * 1.2), Math.max(0, low * 1.2)];
  const pad = (high - low) * 0.08;
  if (low >= 0 && low < high / 2) return [0, high + pad];
  return [
    low >= 0 ? Math.max(low - pad, 0) : low - pad,
    high <= 0 ? Math.min(high + pad, 0) : high + pad,
  ];
}
