import type uPlot from "uplot";
import type { Series } from "~/api/pages";
import { colourOf, lineVariables } from "~/shared/charts/colours";
import { quantity } from "~/shared/format";
import { tick } from "~/shared/time";
import { type Model, type Reach, stepsOf } from "~/widgets/series/model";

const FONT = "11px system-ui, sans-serif";
const LETTER = 6.2;

export interface Asked {
  readonly widget: Series;
  readonly model: Model;
  readonly hidden: ReadonlySet<number>;
  readonly width: number;
  readonly reach: () => Reach;
  /** Charts of one page share their crosshair. */
  readonly group: string;
  readonly onAt: (i: number | null) => void;
  readonly onStretch: (fromMs: number, untilMs: number) => void;
}

function seriesOf({ widget, model, hidden }: Asked, colour: (name: string) => string) {
  const names = lineVariables(widget.lines.map((line) => line.health));
  return model.columns.map(({ line, role }): uPlot.Series => {
    const of = widget.lines[line];
    const edge = role !== "value";
    return {
      label: of?.name ?? "",
      show: !hidden.has(line),
      stroke: edge ? "transparent" : colour(names[line] ?? "--series-1"),
      width: edge ? 0 : 1.6,
      dash: of?.dashed && !edge ? [5, 4] : undefined,
      spanGaps: false,
      points: { show: edge ? false : lonely },
    } as uPlot.Series;
  });
}

/** Points are drawn only where there are few; a value between two gaps keeps uPlot's own dot. */
function lonely(plot: uPlot, _series: number, from: number, until: number): boolean {
  return until - from < plot.width / 24;
}

function bandsOf({ model, widget }: Asked, colour: (name: string) => string): uPlot.Band[] {
  const fill = colour("--band");
  return widget.lines.flatMap((_, line) => {
    const at = (role: string) =>
      model.columns.findIndex((each) => each.line === line && each.role === role) + 1;
    const [low, high] = [at("low"), at("high")];
    return low > 0 && high > 0 ? [{ series: [high, low] as [number, number], fill }] : [];
  });
}

function axesOf(widget: Series, colour: (name: string) => string): uPlot.Axis[] {
  const { unit } = widget;
  const incrs = stepsOf(widget);
  const look = {
    stroke: colour("--muted"),
    font: FONT,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  const widest = (said: readonly string[] | null) =>
    Math.max(0, ...(said ?? []).map((each) => each.length)) * LETTER + 12;
  return [
    {
      ...look,
      size: 24,
      gap: 4,
      space: 76,
      values: (_plot, at, _axis, _space, stepMs) => at.map((ms) => tick(ms, stepMs)),
    },
    {
      ...look,
      space: 34,
      ...(incrs ? { incrs } : {}),
      size: (_plot, said) => widest(said),
      values: (_plot, at) => at.map((value) => quantity(value, unit)),
    },
  ];
}

/** The line that should not be crossed, over the lines. */
function drawThreshold(plot: uPlot, value: number, colour: string) {
  const y = Math.round(plot.valToPos(value, "y", true)) + 0.5;
  const { left, top, width, height } = plot.bbox;
  if (y < top || y > top + height) return;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.stroke();
  ctx.restore();
}

function hooksOf(asked: Asked, threshold: number | null, colour: string): uPlot.Hooks.Arrays {
  return {
    setCursor: [
      (plot) => {
        const i = plot.cursor.idx;
        asked.onAt(i === null || i === undefined || (plot.cursor.left ?? -1) < 0 ? null : i);
      },
    ],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select;
        if (width < 4) return;
        asked.onStretch(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      },
    ],
    draw: threshold === null ? [] : [(plot) => drawThreshold(plot, threshold, colour)],
  };
}

/** Everything uPlot has to know to draw a widget; `element` says the colours of the theme. */
export function optionsOf(asked: Asked, element: Element): uPlot.Options {
  const { widget, width, reach, group } = asked;
  const colour = (name: string) => colourOf(element, name);
  return {
    width,
    height: widget.height,
    ms: 1,
    padding: [14, 8, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true },
      y: { range: () => [reach().low, reach().high] },
    },
    series: [{}, ...seriesOf(asked, colour)],
    bands: bandsOf(asked, colour),
    axes: axesOf(widget, colour),
    cursor: {
      y: false,
      points: { size: 7, width: 1.5, fill: () => colour("--surface") },
      drag: { x: true, y: false, setScale: false },
      sync: {
        key: group,
        setSeries: false,
        scales: ["x", null],
        // What is dragged in one chart is chosen in that one alone.
        filters: { pub: (type) => type !== "mousedown" && type !== "mouseup" },
      },
    },
    hooks: hooksOf(asked, widget.threshold, colour("--warning-fill")),
  };
}
