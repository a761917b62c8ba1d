import { useCallback, useMemo, useRef, useState } from "react";
import type { Timeline } from "~/api/pages";
import { fit } from "~/shared/charts/fit";
import { linear, timeTicks } from "~/shared/charts/scale";
import { useWheel, type Viewed } from "~/shared/charts/useView";
import { usePage } from "~/shared/page";
import { tick } from "~/shared/time";
import { useWidth } from "~/shared/useSize";
import { About } from "~/widgets/timeline/About";
import { ItemMark, ROW } from "~/widgets/timeline/ItemMark";
import { byLane, type Item, place } from "~/widgets/timeline/place";
import { useDrag } from "~/widgets/timeline/useDrag";
import classes from "./Timeline.module.css";

const HEAD = 24;
const NARROW = 620;
const NAMES = 168;

interface Props {
  readonly widget: Timeline;
  readonly viewed: Viewed;
}

interface LaneRow {
  readonly id: string;
  readonly title: string;
  readonly y: number;
  readonly height: number;
  readonly items: readonly Item[];
}

/** Where each lane stands; on a phone its name stands above it. */
function useLanes(widget: Timeline, viewed: Viewed, width: number, narrow: boolean) {
  const { lanes, moments } = widget;
  const sorted = useMemo(
    () =>
      byLane(
        lanes.map((lane) => lane.id),
        moments,
      ),
    [lanes, moments],
  );
  const { view } = viewed;
  return useMemo(() => {
    const placed = place(sorted, view, width);
    const titles = new Map(lanes.map((lane) => [lane.id, lane.title]));
    const rows: LaneRow[] = [];
    let y = HEAD;
    for (const [id, { items, rows: n }] of placed) {
      const height = n * ROW + 6 + (narrow ? 14 : 0);
      rows.push({ id, title: titles.get(id) ?? id, y, height, items });
      y += height;
    }
    return { rows, height: y + 2 };
  }, [sorted, view, width, lanes, narrow]);
}

/** The moment that a step of the keys leads to, in order of time. */
function useSteps(rows: readonly LaneRow[], onChoose: (id: string | undefined) => void) {
  const order = useMemo(() => rows.flatMap((row) => row.items).sort((a, b) => a.x - b.x), [rows]);
  return (chosen: string | undefined, step: number) => {
    const at = order.findIndex((item) => item.moments[0]?.id === chosen);
    const next = order[at < 0 ? (step > 0 ? 0 : order.length - 1) : at + step];
    if (next) onChoose(next.moments[0]?.id);
  };
}

export function Picture({ widget, viewed }: Props) {
  const page = usePage();
  const [box, whole] = useWidth<HTMLDivElement>();
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const svg = useRef<SVGSVGElement>(null);
  const narrow = whole < NARROW;
  const names = narrow ? 0 : NAMES;
  const width = Math.max(whole - names, 10);
  const { rows, height } = useLanes(widget, viewed, width, narrow);
  const x = linear(viewed.view[0], viewed.view[1], 0, width);
  const axis = timeTicks(viewed.view[0], viewed.view[1], Math.max(width / 90, 2));
  const step = useSteps(rows, setChosen);
  const drag = useDrag(svg, viewed, names, width);
  const found = rows
    .flatMap((row) => row.items.map((item) => ({ row, item })))
    .find(({ item }) => item.moments[0]?.id === chosen);
  useWheel(
    svg,
    useCallback(
      (event) => {
        const left = svg.current?.getBoundingClientRect().left ?? 0;
        const [from, until] = viewed.view;
        if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
          viewed.move((event.deltaX / width) * (until - from));
        } else {
          const at = from + ((event.clientX - left - names) / width) * (until - from);
          viewed.zoom(1.0015 ** event.deltaY, at);
        }
      },
      [viewed, names, width],
    ),
  );
  const open = (item: Item) => {
    const [moment] = item.moments;
    if (item.moments.length > 1) {
      const times = item.moments.map((each) => each.at_ms);
      const [from, until] = [Math.min(...times), Math.max(...times)];
      const pad = Math.max((until - from) * 0.3, 500);
      viewed.show([from - pad, until + pad]);
    } else if (moment?.to) page.go(moment.to);
  };
  const itemUnder = (target: EventTarget): Item | undefined => {
    const id = (target as Element).closest("[data-item]")?.getAttribute("data-item");
    return rows.flatMap((row) => row.items).find((item) => item.moments[0]?.id === id);
  };
  return (
    <div ref={box} className={classes.box}>
      <svg
        ref={svg}
        width={whole}
        height={height}
        className={classes.svg}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a picture that is walked through by keys
        tabIndex={0}
        onMouseLeave={() => setChosen(undefined)}
        aria-label={`${widget.title || "Timeline"}: ${widget.moments.length} moments. Arrows up and down step through them, Enter opens one, plus, minus and zero zoom.`}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            step(chosen, event.key === "ArrowDown" ? 1 : -1);
          } else if (event.key === "Enter" && found) open(found.item);
          else if (event.key === "Escape") setChosen(undefined);
          else viewed.onKeyDown(event);
        }}
        onClick={(event) => {
          const item = itemUnder(event.target);
          if (item && !drag.moved()) open(item);
        }}
        onMouseMove={(event) => {
          if (!drag.stretch) setChosen(itemUnder(event.target)?.moments[0]?.id);
        }}
        {...drag.handlers}
      >
        {rows.map((row, i) => (
          <rect
            key={row.id}
            className={classes.lane}
            data-even={i % 2 === 0 || undefined}
            y={row.y}
            width={whole}
            height={row.height}
          />
        ))}
        {axis.at.map((ms) => (
          <g key={ms} transform={`translate(${names + x(ms)} 0)`}>
            <path className={classes.grid} d={`M.5 ${HEAD}V${height}`} />
            <text
              className={classes.tick}
              y={15}
              textAnchor={x(ms) < 20 ? "start" : x(ms) > width - 20 ? "end" : "middle"}
            >
              {tick(ms, axis.stepMs)}
            </text>
          </g>
        ))}
        {rows.map((row) => (
          <text
            key={row.id}
            className={classes.name}
            x={narrow ? 4 : 8}
            y={row.y + (narrow ? 12 : 19)}
          >
            <title>{row.title}</title>
            {fit(row.title, narrow ? whole - 8 : NAMES - 16, 12, 500)}
          </text>
        ))}
        <svg x={names} width={width} height={height} aria-hidden className={classes.inner}>
          {rows.map((row) => (
            <g key={row.id}>
              {row.items.map((item) => (
                <ItemMark
                  key={item.moments[0]?.id}
                  item={item}
                  y={row.y + 3 + (narrow ? 14 : 0)}
                  chosen={item.moments[0]?.id === chosen}
                />
              ))}
            </g>
          ))}
          {drag.stretch && (
            <rect
              className={classes.choosing}
              x={drag.stretch[0]}
              y={HEAD}
              width={drag.stretch[1] - drag.stretch[0]}
              height={height - HEAD}
            />
          )}
        </svg>
      </svg>
      {found && !drag.stretch && (
        <About
          item={found.item}
          lane={found.row.title}
          x={names + found.item.x}
          y={found.row.y + (found.item.row + 1) * ROW + 8 + (narrow ? 14 : 0)}
          width={whole}
        />
      )}
    </div>
  );
}
