import type { Health, LogLine } from "~/api/pages";
import { worse } from "~/shared/charts/colours";

export interface Template {
  readonly text: string;
  readonly n: number;
  readonly health: Health;
}

/** Templates by how many lines they have; the worst of equals first. */
export function templatesOf(lines: readonly LogLine[]): readonly Template[] {
  const found = new Map<string, { n: number; health: Health }>();
  for (const { template, health } of lines) {
    if (!template) continue;
    const seen = found.get(template);
    if (seen) {
      seen.n += 1;
      seen.health = worse(seen.health, health);
    } else found.set(template, { n: 1, health });
  }
  return [...found]
    .map(([text, { n, health }]) => ({ text, n, health }))
    .sort((a, b) => b.n - a.n || a.text.localeCompare(b.text));
}

/** The rows that are on the screen, and some around them. */
export function windowOf(
  top: number,
  tall: number,
  row: number,
  n: number,
  around = 8,
): readonly [number, number] {
  const from = Math.max(Math.floor(top / row) - around, 0);
  const until = Math.min(Math.ceil((top + tall) / row) + around, n);
  return [Math.min(from, n), until];
}

/** Lines as text, as they would be pasted: UTC, severity, entity, text. */
export const asText = (lines: readonly LogLine[]): string =>
  lines
    .map((line) =>
      [new Date(line.at_ms).toISOString(), line.severity, line.entity, line.text]
        .filter(Boolean)
        .join(" "),
    )
    .join("\n");
