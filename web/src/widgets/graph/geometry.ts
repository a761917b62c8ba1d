import type { Edge, Graph, Node } from "~/api/pages";

export const WIDE = 168;
export const TALL = 40;
const PAD = 24;
/** Smaller than this a name cannot be read. */
const LEGIBLE = 0.72;
const LEAST_TALL = 160;
const MOST_TALL = 560;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The whole picture. */
export const wholeOf = (graph: Graph): Box => {
  const right = Math.max(graph.width, ...graph.nodes.map((node) => node.x + WIDE / 2 + PAD));
  const bottom = Math.max(graph.height, ...graph.nodes.map((node) => node.y + TALL / 2 + PAD));
  const left = Math.min(0, ...graph.nodes.map((node) => node.x - WIDE / 2 - PAD));
  const top = Math.min(0, ...graph.nodes.map((node) => node.y - TALL / 2 - PAD));
  return { x: left, y: top, w: Math.max(right - left, 1), h: Math.max(bottom - top, 1) };
};

/** How tall a picture is drawn in the width it has; on a phone as tall as a part can be read. */
export function heightOf(graph: Graph, width: number): number {
  const whole = wholeOf(graph);
  const scale = Math.max(Math.min(width / whole.w, 1), LEGIBLE);
  return Math.round(Math.min(Math.max(whole.h * scale, LEAST_TALL), MOST_TALL));
}

/** What is seen at first: all, or as much around what is lit as can be read. */
export function firstView(graph: Graph, width: number, height: number): Box {
  const whole = wholeOf(graph);
  const scale = Math.min(width / whole.w, height / whole.h, 1);
  if (scale >= LEGIBLE || graph.nodes.length === 0) return around(whole, width, height, scale);
  const lit = graph.nodes.filter((node) => node.lit);
  const bad = graph.nodes.filter((node) => node.health === "bad");
  const of = lit.length > 0 ? lit : bad.length > 0 ? bad : graph.nodes.slice(0, 1);
  const x = of.reduce((sum, node) => sum + node.x, 0) / of.length;
  const y = of.reduce((sum, node) => sum + node.y, 0) / of.length;
  const [w, h] = [width / LEGIBLE, height / LEGIBLE];
  return kept({ x: x - w / 2, y: y - h / 2, w, h }, whole);
}

function around(whole: Box, width: number, height: number, scale: number): Box {
  const [w, h] = [width / scale, height / scale];
  return { x: whole.x - (w - whole.w) / 2, y: whole.y - (h - whole.h) / 2, w, h };
}

/** The same view, moved so that the picture does not leave it. */
export function kept(view: Box, whole: Box): Box {
  const along = (at: number, wide: number, from: number, room: number) =>
    wide >= room ? from - (wide - room) / 2 : Math.min(Math.max(at, from), from + room - wide);
  return {
    ...view,
    x: along(view.x, view.w, whole.x, whole.w),
    y: along(view.y, view.h, whole.y, whole.h),
  };
}

/** `view` made `factor` as wide around a point, between the whole and four times its size. */
export function zoomedView(view: Box, factor: number, x: number, y: number, whole: Box): Box {
  const most = Math.max(whole.w / view.w, whole.h / view.h, 1) * 1.05;
  const least = WIDE / view.w;
  const by = Math.min(Math.max(factor, least), most);
  return kept(
    { x: x - (x - view.x) * by, y: y - (y - view.y) * by, w: view.w * by, h: view.h * by },
    whole,
  );
}

/** An arrow between two boxes, from side to side. */
export function edgePath(from: Node, to: Node): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (from.id === to.id) {
    const [x, y] = [from.x + WIDE / 2, from.y];
    return `M${x} ${y - 8}C${x + 34} ${y - 26} ${x + 34} ${y + 26} ${x + 3} ${y + 8}`;
  }
  if (Math.abs(dx) > WIDE) {
    const side = Math.sign(dx);
    const [x1, x2] = [from.x + (side * WIDE) / 2, to.x - side * (WIDE / 2 + 3)];
    const bend = Math.max(Math.abs(x2 - x1) / 2, 16) * side;
    return `M${x1} ${from.y}C${x1 + bend} ${from.y} ${x2 - bend} ${to.y} ${x2} ${to.y}`;
  }
  const side = Math.sign(dy) || 1;
  const [y1, y2] = [from.y + (side * TALL) / 2, to.y - side * (TALL / 2 + 3)];
  const bend = Math.max(Math.abs(y2 - y1) / 2, 12) * side;
  return `M${from.x} ${y1}C${from.x} ${y1 + bend} ${to.x} ${y2 - bend} ${to.x} ${y2}`;
}

/** A box, and those an arrow joins it with. */
export function neighbours(id: string, edges: readonly Edge[]): ReadonlySet<string> {
  const near = new Set([id]);
  for (const { source, target } of edges) {
    if (source === id) near.add(target);
    if (target === id) near.add(source);
  }
  return near;
}

const AWAY: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest box in the direction of an arrow key. */
export function nextNode(from: Node, key: string, nodes: readonly Node[]): Node | undefined {
  const away = AWAY[key];
  if (!away) return undefined;
  let best: Node | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const along = (node.x - from.x) * away[0] + (node.y - from.y) * away[1];
    const across = Math.abs((node.x - from.x) * away[1]) + Math.abs((node.y - from.y) * away[0]);
    const far = along + 2.5 * across;
    if (along > 1 && far < least) [best, least] = [node, far];
  }
  return best;
}
