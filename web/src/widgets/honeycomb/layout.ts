/** From the middle of a cell to its corner; a cell is 24 px wide, the least a finger can meet. */
export const RADIUS = 14.5;
export const WIDE = RADIUS * Math.sqrt(3);
const RISE = RADIUS * 1.5;

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The middles of `n` cells in rows as wide as there is room, every second row shifted by half. */
export function comb(
  n: number,
  width: number,
): { places: readonly Place[]; perRow: number; height: number } {
  const perRow = Math.max(Math.floor((width - WIDE / 2) / WIDE), 1);
  const places = Array.from({ length: n }, (_, i) => {
    const row = Math.floor(i / perRow);
    return {
      x: (i % perRow) * WIDE + WIDE / 2 + (row % 2 === 1 ? WIDE / 2 : 0) + 1,
      y: row * RISE + RADIUS + 1,
    };
  });
  return { places, perRow, height: Math.ceil(n / perRow) * RISE + RADIUS / 2 + 2 };
}

/** A cell's outline around (0, 0). */
export const HEXAGON = Array.from({ length: 6 }, (_, i) => {
  const angle = (Math.PI / 3) * i + Math.PI / 6;
  const at = (of: number) => (of * (RADIUS - 1)).toFixed(2);
  return `${at(Math.cos(angle))},${at(Math.sin(angle))}`;
}).join(" ");

/** Where an arrow key leads from cell `at` of `n`. */
export function stepped(at: number, key: string, perRow: number, n: number): number | undefined {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow }[key];
  if (key === "Home") return 0;
  if (key === "End") return n - 1;
  if (step === undefined) return undefined;
  return Math.min(Math.max(at + step, 0), n - 1);
}
