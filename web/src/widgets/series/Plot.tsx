import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import uPlot from "uplot";
import type { Series } from "~/api/pages";
import { stretch } from "~/app/range";
import { usePage } from "~/shared/page";
import { useWidth } from "~/shared/useSize";
import { Marks } from "~/widgets/series/Marks";
import { modelOf, reachOf, saidOf, stepsOf, valueText } from "~/widgets/series/model";
import { optionsOf } from "~/widgets/series/options";
import classes from "./Series.module.css";

/** About what the axis of values takes of the width. */
const AXIS = 70;

interface Props {
  readonly widget: Series;
  readonly hidden: ReadonlySet<number>;
  readonly at: number | null;
  readonly onAt: (i: number | null) => void;
}

/** uPlot's own element; made anew only where its looks or its columns are others. */
function usePlot({ widget, hidden, onAt }: Props) {
  const page = usePage();
  const scheme = useComputedColorScheme("light");
  const [box, width] = useWidth<HTMLDivElement>();
  const [plot, setPlot] = useState<uPlot | undefined>(undefined);
  const model = useMemo(() => modelOf(widget), [widget]);
  const now = useRef({ widget, hidden, page, onAt, model });
  now.current = { widget, hidden, page, onAt, model };
  const { lines, unit, height, threshold } = widget;
  const shape = JSON.stringify([
    lines.map(({ name, health, dashed, low }) => [name, health, dashed, low.length > 0]),
    [unit, height, threshold, scheme, stepsOf(widget)?.length],
  ]);
  const ready = width > 0;
  useEffect(() => {
    const element = box.current;
    if (!element || !ready) return;
    const { page: of, ...first } = now.current;
    const asked = {
      ...first,
      width: element.clientWidth,
      group: `page:${of.path}`,
      reach: () => reachOf(now.current.widget, now.current.hidden),
      onAt: (i: number | null) => now.current.onAt(i),
      onStretch: (from: number, until: number) => now.current.page.setQuery(stretch(from, until)),
    };
    const made = new uPlot(
      optionsOf(asked, element),
      first.model.data as uPlot.AlignedData,
      element,
    );
    setPlot(made);
    return () => {
      made.destroy();
      setPlot(undefined);
    };
  }, [shape, ready]);
  useEffect(() => {
    if (plot && plot.data !== (model.data as uPlot.AlignedData)) {
      plot.setData(model.data as uPlot.AlignedData);
    }
  }, [plot, model]);
  useEffect(() => {
    if (plot && width > 0 && plot.width !== width) plot.setSize({ width, height });
  }, [plot, width, height]);
  useEffect(() => {
    model.columns.forEach(({ line }, i) => {
      const show = !hidden.has(line);
      if (plot?.series[i + 1] && plot.series[i + 1]?.show !== show) plot.setSeries(i + 1, { show });
    });
  }, [plot, model, hidden]);
  return { box, plot, width };
}

/** Moves the crosshair by keys as the pointer does. */
function moved(plot: uPlot, event: KeyboardEvent, at: number | null) {
  const last = plot.data[0].length - 1;
  const step = event.shiftKey ? 10 : 1;
  const to = {
    ArrowLeft: (at ?? last + 1) - step,
    ArrowRight: (at ?? -1) + step,
    Home: 0,
    End: last,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const i = Math.min(Math.max(to, 0), last);
  plot.setCursor({ left: plot.valToPos(plot.data[0][i] ?? 0, "x"), top: 0 });
}

/** What the keys and a screen reader have of a chart: a slider along its points. */
function Keys({ widget, at, onAt, plot }: Props & { readonly plot: uPlot }) {
  const last = Math.max(widget.x_ms.length - 1, 0);
  return (
    <div
      className={classes.keys}
      role="slider"
      tabIndex={0}
      aria-label={saidOf(widget)}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={at ?? last}
      aria-valuetext={valueText(widget, at)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onAt(null);
        else moved(plot, event, at);
      }}
    />
  );
}

/** The lines of a series, its marks over them. */
export function Plot(props: Props) {
  const { widget } = props;
  const { box, plot, width } = usePlot(props);
  const [from, until] = [widget.x_ms[0] ?? 0, widget.x_ms.at(-1) ?? 1];
  const over = (of: uPlot) => (
    <>
      <Keys {...props} plot={of} />
      <Marks marks={widget.marks} fromMs={from} untilMs={until} width={width - AXIS} />
    </>
  );
  return (
    <div ref={box} className={classes.plot} style={{ minHeight: widget.height }}>
      {plot && createPortal(over(plot), plot.over)}
    </div>
  );
}
