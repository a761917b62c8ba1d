import { type KeyboardEvent, memo, useCallback, useMemo, useRef, useState } from "react";
import type { HoneycombCell, HoneycombGroup } from "~/api/pages";
import { Card } from "~/shared/charts/Card";
import { worstFirst } from "~/shared/charts/colours";
import { count } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { usePage } from "~/shared/page";
import { useWidth } from "~/shared/useSize";
import { comb, HEXAGON, type Place, RADIUS, stepped } from "~/widgets/honeycomb/layout";
import classes from "./Honeycomb.module.css";

const SIGNS = {
  bad: "M0-5.5V1.5M0 5v.2",
  warning: "M0-5 5.5 4.5H-5.5z",
  good: "M-4 .3-1.3 3 4-3",
  unknown: "M-4 0H4",
  neutral: "",
} as const;

const NOWHERE: Place = { x: 0, y: 0 };

interface CellProps {
  readonly cell: HoneycombCell;
  readonly place: Place;
  readonly at: number;
  readonly first: boolean;
  readonly onPoint: (at: number | undefined) => void;
}

/** One cell. There may be thousands: only those whose own props change are drawn anew. */
const Cell = memo(function Cell({ cell, place, at, first, onPoint }: CellProps) {
  const page = usePage();
  const said = `${cell.label}, ${healthWord[cell.health] || "no state"}${cell.says && `, ${cell.says}`}`;
  return (
    <a
      className={classes.cell}
      data-health={cell.health}
      href={cell.to ? page.href(cell.to) : undefined}
      tabIndex={first ? 0 : -1}
      aria-label={said}
      role={cell.to ? undefined : "img"}
      onMouseEnter={() => onPoint(at)}
      onMouseLeave={() => onPoint(undefined)}
      onFocus={() => onPoint(at)}
      onBlur={() => onPoint(undefined)}
      onClick={(event) => {
        if (!cell.to || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        page.go(cell.to);
      }}
    >
      <g transform={`translate(${place.x} ${place.y})`}>
        <polygon points={HEXAGON} />
        <path d={SIGNS[cell.health]} />
      </g>
    </a>
  );
});

/** How many are not healthy, in words. */
export function troubles(cells: readonly HoneycombCell[]): string {
  const of = (health: string) => cells.filter((cell) => cell.health === health).length;
  const said = [
    [of("bad"), "in trouble"],
    [of("warning"), "warning"],
    [of("unknown"), "no data"],
  ] as const;
  const words = said.filter(([n]) => n > 0).map(([n, word]) => `${count(n)} ${word}`);
  return words.length > 0 ? words.join(", ") : "all healthy";
}

/** The cells of one team, worst first; arrow keys walk through them. */
export function Group({ group }: { readonly group: HoneycombGroup }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState(0);
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const svg = useRef<SVGSVGElement>(null);
  const cells = useMemo(
    () => [...group.cells].sort((a, b) => worstFirst(a.health, b.health)),
    [group.cells],
  );
  const room = Math.max(width, 60);
  const { places, perRow, height } = useMemo(() => comb(cells.length, room), [cells.length, room]);
  const point = useCallback((i: number | undefined) => {
    setPointed(i);
    if (i !== undefined) setAt(i);
  }, []);
  const keys = (event: KeyboardEvent) => {
    const next = stepped(Math.min(at, cells.length - 1), event.key, perRow, cells.length);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    svg.current?.querySelectorAll<SVGAElement>("a")[next]?.focus();
  };
  const cell = pointed === undefined ? undefined : cells[pointed];
  const place = pointed === undefined ? undefined : places[pointed];
  return (
    <div ref={box} className={classes.group}>
      <p className={classes.title}>
        <b>{group.title}</b> <span>{count(cells.length)}</span>
        <small>{troubles(cells)}</small>
      </p>
      <div className={classes.cells}>
        <svg
          ref={svg}
          className={classes.comb}
          width={room}
          height={height}
          role="group"
          aria-label={`${group.title}: ${count(cells.length)}, ${troubles(cells)}`}
          onKeyDown={keys}
        >
          {cells.map((each, i) => (
            <Cell
              key={each.id}
              cell={each}
              place={places[i] ?? NOWHERE}
              first={i === Math.min(at, cells.length - 1)}
              at={i}
              onPoint={point}
            />
          ))}
        </svg>
        {cell && place && (
          <Card x={place.x - 14} y={place.y + RADIUS + 6} width={width}>
            <p data-health={cell.health}>
              <HealthMark health={cell.health} label="" size={12} /> <b>{cell.label}</b>
            </p>
            <p className={classes.says}>
              {healthWord[cell.health]}
              {cell.says && ` · ${cell.says}`}
            </p>
          </Card>
        )}
      </div>
    </div>
  );
}
