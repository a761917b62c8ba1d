import type { Share } from "~/api/pages";
import type { Scale } from "~/shared/charts/scale";

export interface Placed {
  readonly name: string;
  readonly value: number;
  readonly at: number;
  readonly row: number;
}

const ROOM = 84;

/** Quantiles along the axis; names that would lie over each other stand in the next row. */
export function placed(
  quantiles: Readonly<Record<string, number>>,
  x: Scale,
  width: number,
): readonly Placed[] {
  const ends: number[] = [];
  return Object.entries(quantiles)
    .sort(([, a], [, b]) => a - b)
    .map(([name, value]) => {
      const at = Math.min(Math.max(x(value), 0), width);
      const begins = at > width - 90 ? at - ROOM : at;
      let row = ends.findIndex((end) => end <= begins);
      if (row < 0) row = ends.length < 2 ? ends.length : 1;
      ends[row] = begins + ROOM;
      return { name, value, at, row };
    });
}

/** How many values lie at or above `from`. */
export const above = (shares: readonly Share[], from: number): number =>
  shares.reduce((n, share) => (share.low >= from ? n + share.n : n), 0);
