import { type RefObject, useCallback, useMemo, useState } from "react";
import type { Graph } from "~/api/pages";
import { useWheel } from "~/shared/charts/useView";
import { type Box, firstView, kept, wholeOf, zoomedView } from "~/widgets/graph/geometry";
import { useGrip } from "~/widgets/graph/useGrip";

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
  const all = () => setChosen(zoomedView(view, 1e6, view.x, view.y, whole));
  const handlers = useGrip(svg, { view, zoom, to: (next) => setChosen(kept(next, whole)) }, width);
  return { view, zoom, show, all, handlers };
}
