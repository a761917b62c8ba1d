import { type PointerEvent, type RefObject, useRef, useState } from "react";
import type { Viewed } from "~/shared/charts/useView";

type Stretch = readonly [number, number];

const LEAST = 6;

/** A mouse draws the stretch to be seen, or moves it with shift; a finger moves it. */
export function useDrag(
  svg: RefObject<SVGSVGElement | null>,
  viewed: Viewed,
  names: number,
  width: number,
) {
  const start = useRef<{ x: number; moves: boolean; view: readonly [number, number] } | undefined>(
    undefined,
  );
  const moved = useRef(false);
  const [stretch, setStretch] = useState<Stretch | undefined>(undefined);
  const inside = (event: PointerEvent) => {
    const left = svg.current?.getBoundingClientRect().left ?? 0;
    return Math.min(Math.max(event.clientX - left - names, 0), width);
  };
  const stop = () => {
    start.current = undefined;
    setStretch(undefined);
  };
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      moved.current = false;
      const moves = event.pointerType !== "mouse" || event.shiftKey;
      start.current = { x: inside(event), moves, view: viewed.view };
    },
    onPointerMove(event: PointerEvent) {
      const from = start.current;
      // The button may have been let go outside of the picture.
      if (!from || event.buttons === 0) return stop();
      const by = inside(event) - from.x;
      if (!moved.current && Math.abs(by) < LEAST) return;
      if (!moved.current) svg.current?.setPointerCapture?.(event.pointerId);
      moved.current = true;
      if (from.moves) {
        const ms = (by / width) * (from.view[1] - from.view[0]);
        viewed.show([from.view[0] - ms, from.view[1] - ms]);
      } else setStretch([Math.min(from.x, from.x + by), Math.max(from.x, from.x + by)]);
    },
    onPointerUp() {
      const [from, until] = viewed.view;
      if (stretch) {
        const at = (x: number) => from + (x / width) * (until - from);
        viewed.show([at(stretch[0]), at(stretch[1])]);
      }
      stop();
    },
    onPointerCancel: stop,
  };
  return { handlers, stretch, moved: () => moved.current };
}
