import type { Health } from "~/api/pages";

const COLOURS = 8;

/** The name of the variable that holds the colour of the i-th line. */
export const lineVariable = (i: number): string => `--series-${(i % COLOURS) + 1}`;

/** A line in trouble has the colour of its health, so long as no other line has the same. */
export function lineVariables(healths: readonly Health[]): string[] {
  const alone = (health: Health) => healths.filter((each) => each === health).length === 1;
  let next = 0;
  return healths.map((health) => {
    if ((health === "bad" || health === "warning") && alone(health)) return `--${health}-fill`;
    if (healths.includes("bad") && next % COLOURS === 4) next += 1;
    const name = lineVariable(next);
    next += 1;
    return name;
  });
}

/** What a variable is where an element stands; a canvas knows no variables. */
export const colourOf = (element: Element, variable: string): string =>
  getComputedStyle(element).getPropertyValue(variable).trim() || "#888";

const RANK: Record<Health, number> = { bad: 4, warning: 3, unknown: 2, good: 1, neutral: 0 };

export const worse = (a: Health, b: Health): Health => (RANK[b] > RANK[a] ? b : a);
export const worstFirst = (a: Health, b: Health): number => RANK[b] - RANK[a];
