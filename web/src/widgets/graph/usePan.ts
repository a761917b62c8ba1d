import { type PointerEvent, type RefObject, useCallback, useMemo, useRef, useState } from "react";
import type { Graph } from "~/api/pages";
import { useWheel } from "~/shared/charts/useView";
import { type Box, firstView, kept, wholeOf, zoomedView } from "~/widgets/graph/geometry";

const LEAST = 4;

/** What of the map is seen, and how it is moved: by drag, wheel, buttons and keys. */
export function usePan(
  svg: RefObject<SVGSVGElement | null>,
  graph: Graph,
  width: number,
  height: number,
) {
  const [chosen, setChosen] = useState<Box | undefined>(undefined);
  const whole = useMemo(() => wholeOf(graph), [graph]);
  const first = useMemo(() => firstView(graph, width, height), [graph, width, height]);
  const view = chosen ?? first;
  const start = useRef<{ x: number; y: number; view: Box } | undefined>(undefined);
  const moved = useRef(false);

  const zoom = (factor: number, x = view.x + view.w / 2, y = view.y + view.h / 2) =>
    setChosen(zoomedView(view, factor, x, y, whole));
  const show = (x: number, y: number) => {
    const [left, top] = [x - 100, y - 40];
    const inside =
      left >= view.x &&
      left + 200 <= view.x + view.w &&
      top >= view.y &&
      top + 80 <= view.y + view.h;
    if (!inside) setChosen(kept({ ...view, x: x - view.w / 2, y: y - view.h / 2 }, whole));
  };
  useWheel(
    svg,
    useCallback(
      (event) => {
        const at = svg.current?.getBoundingClientRect();
        if (!at) return;
        const x = view.x + ((event.clientX - at.left) / at.width) * view.w;
        const y = view.y + ((event.clientY - at.top) / at.height) * view.h;
        setChosen(zoomedView(view, 1.0015 ** event.deltaY, x, y, whole));
      },
      [svg, view, whole],
    ),
  );
  const stop = () => {
    start.current = undefined;
  };
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      moved.current = false;
      start.current = { x: event.clientX, y: event.clientY, view };
    },
    onPointerMove(event: PointerEvent) {
      const from = start.current;
      if (!from || width === 0) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!moved.current && Math.hypot(dx, dy) < LEAST) return;
      if (!moved.current) svg.current?.setPointerCapture?.(event.pointerId);
      moved.current = true;
      const scale = from.view.w / width;
      setChosen(
        kept({ ...from.view, x: from.view.x - dx * scale, y: from.view.y - dy * scale }, whole),
      );
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    /** A drag that ends on a box does not open it. */
    onClickCapture(event: { preventDefault(): void; stopPropagation(): void }) {
      if (!moved.current) return;
      moved.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const all = () => setChosen(zoomedView(view, 1e6, view.x, view.y, whole));
  return { view, whole, zoom, show, all, handlers, first: chosen === undefined };
}
