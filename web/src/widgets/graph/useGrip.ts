import { type PointerEvent, type RefObject, useRef } from "react";
import type { Box } from "~/widgets/graph/geometry";

const LEAST = 4;

type Point = readonly [x: number, y: number];

const apart = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

interface Held {
  readonly view: Box;
  zoom(factor: number, x: number, y: number): void;
  to(view: Box): void;
}

/** One pointer moves a picture, two fingers zoom it. */
export function useGrip(svg: RefObject<SVGSVGElement | null>, held: Held, width: number) {
  const { view } = held;
  const start = useRef<{ x: number; y: number; view: Box } | undefined>(undefined);
  const moved = useRef(false);
  const fingers = useRef(new Map<number, Point>());
  const at = (event: PointerEvent): Point => [event.clientX, event.clientY];
  const stop = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId);
    start.current = undefined;
  };
  /** Two fingers: as near as they are apart, around the middle between them. */
  const pinch = (event: PointerEvent) => {
    const [other] = [...fingers.current].filter(([id]) => id !== event.pointerId);
    const before = fingers.current.get(event.pointerId);
    const box = svg.current?.getBoundingClientRect();
    if (!other || !before || !box) return;
    const [x, y] = [(event.clientX + other[1][0]) / 2, (event.clientY + other[1][1]) / 2];
    const factor = apart(before, other[1]) / Math.max(apart(at(event), other[1]), 1);
    const along = (from: number, share: number, wide: number) => from + share * wide;
    moved.current = true;
    held.zoom(
      factor,
      along(view.x, (x - box.left) / box.width, view.w),
      along(view.y, (y - box.top) / box.height, view.h),
    );
  };
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      moved.current = false;
      fingers.current.set(event.pointerId, at(event));
      start.current = { x: event.clientX, y: event.clientY, view };
    },
    onPointerMove(event: PointerEvent) {
      // The button may have been let go outside of the picture.
      if (event.buttons === 0) return stop(event);
      if (fingers.current.size > 1) {
        pinch(event);
        fingers.current.set(event.pointerId, at(event));
        return;
      }
      const from = start.current;
      if (!from || width === 0) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!moved.current && Math.hypot(dx, dy) < LEAST) return;
      if (!moved.current) svg.current?.setPointerCapture?.(event.pointerId);
      moved.current = true;
      const scale = from.view.w / width;
      held.to({ ...from.view, x: from.view.x - dx * scale, y: from.view.y - dy * scale });
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
}
