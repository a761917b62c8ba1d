/** The difference of two texts, line by line: the fewest lines taken out and put in
 * (E. W. Myers, "An O(ND) difference algorithm and its variations", 1986). */

export interface Change {
  readonly kind: "same" | "out" | "in";
  readonly text: string;
  /** Line numbers from 1; none on the side where the line is not. */
  readonly before?: number;
  readonly after?: number;
}

/** More differing lines than this are shown as all out, all in: the exact answer would take long. */
const MOST = 600;

export const linesOf = (text: string): string[] => {
  if (text === "") return [];
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
};

type Step = readonly [x: number, y: number];

/** The furthest points reached after each number of edits; enough to walk back. */
function traced(a: readonly string[], b: readonly string[]): Map<number, number>[] | undefined {
  const reach = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(a.length + b.length, MOST); d += 1) {
    trace.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const [less, more] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
      let x = k === -d || (k !== d && less < more) ? more : less + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      reach.set(k, x);
      if (x >= a.length && y >= b.length) return trace;
    }
  }
  return undefined;
}

function walkedBack(trace: readonly Map<number, number>[], from: Step): Step[] {
  const path: Step[] = [from];
  let [x, y] = from;
  for (let d = trace.length - 1; d > 0; d -= 1) {
    const reach = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const [less, more] = [reach.get(k - 1) ?? -1, reach.get(k + 1) ?? -1];
    const before = k === -d || (k !== d && less < more) ? k + 1 : k - 1;
    const to = reach.get(before) ?? 0;
    const toY = to - before;
    while (x > to && y > toY) {
      x -= 1;
      y -= 1;
      path.push([x, y]);
    }
    [x, y] = [to, toY];
    path.push([x, y]);
  }
  while (x > 0 && y > 0) {
    x -= 1;
    y -= 1;
    path.push([x, y]);
  }
  return path.reverse();
}

/** How many lines (or letters) are the same at the beginning, and at the end of what is left. */
function ends(a: ArrayLike<string>, b: ArrayLike<string>): readonly [number, number] {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return [head, tail];
}

/** What to do to get from one text to the other, in order. */
export function diffOf(before: string, after: string): readonly Change[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const [head, tail] = ends(a, b);
  const [midA, midB] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  const same = (x: number, y: number): Change => ({
    kind: "same",
    text: a[x] ?? "",
    before: x + 1,
    after: y + 1,
  });
  const out = (x: number): Change => ({ kind: "out", text: a[x] ?? "", before: x + 1 });
  const put = (y: number): Change => ({ kind: "in", text: b[y] ?? "", after: y + 1 });
  const trace = traced(midA, midB);
  const path = trace && walkedBack(trace, [midA.length, midB.length]);
  const middle = path
    ? path.slice(1).map(([x, y], i) => {
        const [px, py] = path[i] ?? [0, 0];
        if (x > px && y > py) return same(head + px, head + py);
        return x > px ? out(head + px) : put(head + py);
      })
    : [...midA.map((_, x) => out(head + x)), ...midB.map((_, y) => put(head + y))];
  return [
    ...a.slice(0, head).map((_, i) => same(i, i)),
    ...middle,
    ...a.slice(a.length - tail).map((_, i) => same(a.length - tail + i, b.length - tail + i)),
  ];
}

export interface Pair {
  readonly left?: Change;
  readonly right?: Change;
}

/** The same side by side: lines taken out beside those put in at their place. */
export function paired(changes: readonly Change[]): readonly Pair[] {
  const pairs: Pair[] = [];
  let [outs, ins]: [Change[], Change[]] = [[], []];
  const close = () => {
    for (let i = 0; i < Math.max(outs.length, ins.length); i += 1) {
      pairs.push({ left: outs[i], right: ins[i] });
    }
    [outs, ins] = [[], []];
  };
  for (const change of changes) {
    if (change.kind === "out") outs.push(change);
    else if (change.kind === "in") ins.push(change);
    else {
      close();
      pairs.push({ left: change, right: change });
    }
  }
  close();
  return pairs;
}

/** What two lines share at their beginning and end: the rest is what differs in them. */
export function shared(a: string, b: string): { readonly head: number; readonly tail: number } {
  const [head, tail] = ends(a, b);
  return { head, tail };
}

/** Rows that are the same, far from what differs, are folded: stretches of `[from, until)`. */
export function folds(
  same: readonly boolean[],
  around = 3,
  least = 4,
): ReadonlyArray<readonly [number, number]> {
  const out: [number, number][] = [];
  let from = 0;
  for (let i = 0; i <= same.length; i += 1) {
    if (i < same.length && same[i]) continue;
    const begins = from === 0 ? 0 : from + around;
    const ends = i === same.length ? i : i - around;
    if (ends - begins >= least) out.push([begins, ends]);
    from = i + 1;
  }
  return out;
}
