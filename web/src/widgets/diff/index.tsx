import { type ReactNode, useMemo, useState } from "react";
import { count } from "~/shared/format";
import { useWidth } from "~/shared/useSize";
import { type Change, diffOf, folds, type Pair, paired, shared } from "~/widgets/diff/lines";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Diff.module.css";

const BESIDE = 640;
const signs = { same: "", out: "−", in: "+" } as const;
const words = { same: "", out: "taken out: ", in: "put in: " } as const;

/** A line; what differs from the one beside it stands out. */
function Text({ change, other }: { readonly change: Change; readonly other?: Change | undefined }) {
  const { text, kind } = change;
  let inside: ReactNode = text || " ";
  if (other && kind !== "same") {
    const { head, tail } = shared(text, other.text);
    const until = text.length - tail;
    if ((head > 0 || tail > 0) && until > head) {
      inside = (
        <>
          {text.slice(0, head)}
          <mark>{text.slice(head, until)}</mark>
          {text.slice(until)}
        </>
      );
    }
  }
  return (
    <>
      <span className="sr">{words[kind]}</span>
      <code>{inside}</code>
    </>
  );
}

function Side({ change, other, n }: { change?: Change; other?: Change; n?: number }) {
  return (
    <>
      <td className={classes.n}>{n}</td>
      <td className={classes.text} data-kind={change?.kind ?? "none"}>
        <span className={classes.sign} aria-hidden>
          {change && signs[change.kind]}
        </span>
        {change && <Text change={change} other={other} />}
      </td>
    </>
  );
}

const beside = (pair: Pair) => (
  <>
    <Side change={pair.left} other={pair.right} n={pair.left?.before} />
    <Side change={pair.right} other={pair.left} n={pair.right?.after} />
  </>
);

/** The same rows one below the other: what is out, then what is in. */
function unified(pairs: readonly Pair[]): readonly Pair[] {
  const rows: Pair[] = [];
  let ins: Pair[] = [];
  for (const pair of pairs) {
    if (pair.left?.kind === "same") {
      rows.push(...ins, pair);
      ins = [];
    } else {
      if (pair.left) rows.push({ left: pair.left });
      if (pair.right) ins.push({ right: pair.right });
    }
  }
  return [...rows, ...ins];
}

function single(pair: Pair, others: ReadonlyMap<Change, Change>) {
  const change = pair.left ?? pair.right;
  return (
    <>
      <td className={classes.n}>{change?.before}</td>
      <Side change={change} other={change && others.get(change)} n={change?.after} />
    </>
  );
}

interface RowsProps {
  readonly rows: readonly Pair[];
  readonly columns: number;
  readonly draw: (pair: Pair) => ReactNode;
}

function Rows({ rows, columns, draw }: RowsProps) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const folded = useMemo(() => folds(rows.map((row) => row.left?.kind === "same")), [rows]);
  const out: ReactNode[] = [];
  let at = 0;
  const until = (end: number) => {
    for (; at < end; at += 1) out.push(<tr key={at}>{draw(rows[at] ?? {})}</tr>);
  };
  for (const [from, end] of folded) {
    until(from);
    if (opened.has(from)) continue;
    out.push(
      <tr key={`fold ${from}`} className={classes.fold}>
        <td colSpan={columns}>
          <button type="button" onClick={() => setOpened(new Set(opened).add(from))}>
            Show {count(end - from)} lines that are the same
          </button>
        </td>
      </tr>,
    );
    at = end;
  }
  until(rows.length);
  return <tbody>{out}</tbody>;
}

/** Two texts, the lines that differ marked by colour, sign and word. */
export default function Diff({ widget }: WidgetProps<"diff">) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [choice, setChoice] = useState<boolean | undefined>(undefined);
  const { before, after, before_title, after_title } = widget;
  const changes = useMemo(() => diffOf(before, after), [before, after]);
  const pairs = useMemo(() => paired(changes), [changes]);
  const split = choice ?? width >= BESIDE;
  const rows = useMemo(() => (split ? pairs : unified(pairs)), [split, pairs]);
  const others = useMemo(() => {
    const map = new Map<Change, Change>();
    for (const { left, right } of pairs) {
      if (left && right && left !== right) map.set(left, right).set(right, left);
    }
    return map;
  }, [pairs]);
  const n = (kind: Change["kind"]) => changes.filter((change) => change.kind === kind).length;
  return (
    <div ref={box}>
      <div className={classes.head}>
        <span>
          <b data-kind="in">+{count(n("in"))}</b> <b data-kind="out">−{count(n("out"))}</b>{" "}
          {n("in") + n("out") === 0 && "no line differs"}
        </span>
        <button type="button" aria-pressed={split} onClick={() => setChoice(!split)}>
          Side by side
        </button>
      </div>
      <div
        className={classes.scroll}
        role="group"
        aria-label={widget.title || "Difference"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <table className={classes.table} data-split={split || undefined}>
          <thead>
            {split ? (
              <tr>
                <th colSpan={2} scope="colgroup">
                  {before_title}
                </th>
                <th colSpan={2} scope="colgroup">
                  {after_title}
                </th>
              </tr>
            ) : (
              <tr>
                <th colSpan={3} scope="colgroup">
                  {before_title} → {after_title}
                </th>
              </tr>
            )}
          </thead>
          <Rows
            key={String(split)}
            rows={rows}
            columns={split ? 4 : 3}
            draw={split ? beside : (pair) => single(pair, others)}
          />
        </table>
      </div>
    </div>
  );
}
