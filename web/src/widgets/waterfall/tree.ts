import type { WaterfallSpan } from "~/api/pages";

/** Indices of the spans that are seen: those beneath a folded one are not. */
export function seenOf(spans: readonly WaterfallSpan[], folded: ReadonlySet<string>): number[] {
  const out: number[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  spans.forEach((span, i) => {
    if (span.depth > hiddenBelow) return;
    hiddenBelow = folded.has(span.id) ? span.depth : Number.POSITIVE_INFINITY;
    out.push(i);
  });
  return out;
}

/** How many spans lie beneath one, at any depth. */
export function beneath(spans: readonly WaterfallSpan[], i: number): number {
  const depth = spans[i]?.depth ?? 0;
  let at = i + 1;
  while ((spans[at]?.depth ?? -1) > depth) at += 1;
  return at - i - 1;
}

export type Stretch = readonly [fromMs: number, untilMs: number];

/** Where a span works itself: its stretch without those of its direct children. */
export function ownOf(spans: readonly WaterfallSpan[], i: number): readonly Stretch[] {
  const span = spans[i];
  if (!span) return [];
  const end = span.start_ms + span.duration_ms;
  const children: Stretch[] = [];
  for (let at = i + 1; (spans[at]?.depth ?? -1) > span.depth; at += 1) {
    const child = spans[at];
    if (child?.depth !== span.depth + 1) continue;
    children.push([child.start_ms, child.start_ms + child.duration_ms]);
  }
  children.sort((a, b) => a[0] - b[0]);
  const out: Stretch[] = [];
  let from = span.start_ms;
  for (const [begins, ends] of children) {
    if (begins > from) out.push([from, Math.min(begins, end)]);
    from = Math.max(from, ends);
    if (from >= end) break;
  }
  if (from < end) out.push([from, end]);
  return out;
}

/** The span one level up. */
export function parentOf(spans: readonly WaterfallSpan[], i: number): number | undefined {
  const depth = spans[i]?.depth ?? 0;
  for (let at = i - 1; at >= 0; at -= 1) if ((spans[at]?.depth ?? 0) < depth) return at;
  return undefined;
}
