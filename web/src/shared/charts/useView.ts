import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from "react";

/** A stretch of an axis. */
export type View = readonly [from: number, until: number];

/** The part of `view` that lies within `all`, at most as wide and at least `least`. */
export function within(view: View, all: View, least: number): View {
  const wide = Math.min(Math.max(view[1] - view[0], least), all[1] - all[0]);
  const from = Math.min(Math.max(view[0], all[0]), all[1] - wide);
  return [from, from + wide];
}

/** `view` made `factor` times as wide around `at`. */
export const zoomed = (view: View, factor: number, at: number): View => [
  at - (at - view[0]) * factor,
  at + (view[1] - at) * factor,
];

export interface Viewed {
  readonly view: View;
  readonly whole: boolean;
  zoom(factor: number, at?: number): void;
  move(by: number): void;
  show(view: View): void;
  reset(): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** The part of an axis that is looked at; it keeps its place when the axis grows. */
export function useView(all: View, least: number): Viewed {
  const [from, until] = all;
  const [chosen, setChosen] = useState<View | undefined>(undefined);
  const view = chosen ? within(chosen, all, least) : all;
  const [viewFrom, viewUntil] = view;
  return useMemo(() => {
    const now: View = [viewFrom, viewUntil];
    const show = (next: View) => {
      const kept = within(next, [from, until], least);
      setChosen(kept[0] === from && kept[1] === until ? undefined : kept);
    };
    const zoom = (factor: number, at = (viewFrom + viewUntil) / 2) => show(zoomed(now, factor, at));
    const move = (by: number) => show([viewFrom + by, viewUntil + by]);
    const reset = () => setChosen(undefined);
    const keys: Record<string, () => void> = {
      "+": () => zoom(0.5),
      "=": () => zoom(0.5),
      "-": () => zoom(2),
      "0": reset,
      ArrowLeft: () => move((viewFrom - viewUntil) / 8),
      ArrowRight: () => move((viewUntil - viewFrom) / 8),
      Home: () => move(from - viewFrom),
      End: () => move(until - viewUntil),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const key = keys[event.key];
      if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      key();
    };
    return {
      view: now,
      whole: viewFrom === from && viewUntil === until,
      zoom,
      move,
      show,
      reset,
      onKeyDown,
    };
  }, [viewFrom, viewUntil, from, until, least]);
}

/** The wheel over an element: it zooms with ctrl, or once the picture was clicked or has the focus;
 * else the page scrolls as everywhere. */
export function useWheel(
  ref: RefObject<HTMLElement | SVGElement | null>,
  onWheel: (event: WheelEvent) => void,
): void {
  const turn = useCallback(
    (event: Event) => {
      const wheel = event as WheelEvent;
      const own = ref.current?.contains(document.activeElement) ?? false;
      if (!own && !wheel.ctrlKey && !wheel.metaKey) return;
      wheel.preventDefault();
      onWheel(wheel);
    },
    [ref, onWheel],
  );
  useEffect(() => {
    const element = ref.current;
    // React's own wheel listener is passive and could not keep the page from scrolling.
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [ref, turn]);
}
