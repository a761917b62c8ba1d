import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Node } from "~/api/pages";
import { pageLike, show, widgetLike } from "~/testing/show";
import Graph from "~/widgets/graph";
import { edgePath, firstView, neighbours, nextNode, zoomedView } from "~/widgets/graph/geometry";

// jsdom has no pointer events; testing-library would send plain ones without a place.
window.PointerEvent ??= class extends MouseEvent {} as unknown as typeof PointerEvent;

const node = (id: string, x: number, y: number, more: Partial<Node> = {}): Node => ({
  id,
  label: id,
  kind: "service",
  health: "good",
  x,
  y,
  says: "",
  to: `entities/${id}`,
  lit: false,
  ...more,
});

const web = node("web", 100, 50);
const pay = node("pay", 400, 50, { health: "bad", lit: true });
const db = node("db", 400, 150, { kind: "database" });
const edge = { source: "web", target: "pay", kind: "calls", says: "", lit: true };
const widget = widgetLike("graph", {
  title: "Map",
  width: 500,
  height: 200,
  nodes: [web, pay, db],
  edges: [edge, { ...edge, source: "pay", target: "db", lit: false }],
  left_out: 7,
});

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
});

const shown = (go = vi.fn()) => {
  const page = pageLike({ go });
  show(<Graph widget={widget} page={page} />, page);
  return go;
};

test("every box is a link by name and health", () => {
  const go = shown();
  fireEvent.click(screen.getByRole("link", { name: "pay, in trouble, on the path" }));
  expect(go).toHaveBeenCalledWith("entities/pay");
  expect(screen.getByText("7 more are not drawn")).toBeTruthy();
});

test("pointing at a box dims those it is not joined with, and says its arrows", () => {
  shown();
  const boxes = () => screen.getByRole("group", { name: "Map" }).querySelectorAll("[data-dim]");
  fireEvent.focus(screen.getByRole("link", { name: "web, healthy" }));
  expect([...boxes()].some((each) => each.getAttribute("data-node") === "db")).toBe(true);
  expect(screen.getByRole("status").textContent).toContain("web calls pay");
});

test("arrow keys go to the nearest box of their direction", () => {
  expect(nextNode(web, "ArrowRight", widget.nodes)?.id).toBe("pay");
  expect(nextNode(pay, "ArrowDown", widget.nodes)?.id).toBe("db");
  expect(nextNode(web, "ArrowLeft", widget.nodes)).toBeUndefined();
  shown();
  const box = screen.getByRole("link", { name: /^pay/ });
  act(() => box.focus());
  fireEvent.keyDown(box, { key: "ArrowDown" });
  expect(document.activeElement?.getAttribute("data-node")).toBe("db");
});

test("the same as a table, what is lit first", () => {
  shown();
  fireEvent.click(screen.getByRole("button", { name: "Map: show as table" }));
  const rows = screen.getAllByRole("row").map((row) => row.textContent ?? "");
  expect(rows[1]).toContain("pay");
  expect(rows[1]).toContain("db (calls)");
  expect(rows[1]).toContain("web (calls)");
});

test("a large map begins at what is lit, at a size that can be read", () => {
  const nodes = Array.from({ length: 60 }, (_, i) =>
    node(`n${i}`, 200 * i, 100, { lit: i === 40 }),
  );
  const view = firstView({ ...widget, width: 12_000, nodes }, 800, 300);
  expect(800 / view.w).toBeGreaterThan(0.7);
  expect(view.x).toBeLessThan(8000);
  expect(view.x + view.w).toBeGreaterThan(8000);
});

test("zoom keeps within the picture", () => {
  const whole = { x: 0, y: 0, w: 1000, h: 500 };
  const near = zoomedView(whole, 0.5, 0, 0, whole);
  expect(near).toEqual({ x: 0, y: 0, w: 500, h: 250 });
  expect(zoomedView(near, 100, 0, 0, whole).w).toBeCloseTo(1050);
});

test("an arrow goes from side to side, also down, also to its own box", () => {
  expect(edgePath(web, pay)).toMatch(/^M184 50C.* 313 50$/);
  expect(edgePath(pay, db)).toMatch(/^M400 70C.* 400 127$/);
  expect(edgePath(web, web)).not.toContain("NaN");
  expect([...neighbours("pay", widget.edges)].sort()).toEqual(["db", "pay", "web"]);
});

test("a drag moves the map and does not open the box it ends on", () => {
  const go = shown();
  const svg = screen.getByRole("group", { name: "Map" });
  for (let i = 0; i < 3; i += 1) fireEvent.keyDown(svg, { key: "+" });
  const before = svg.getAttribute("viewBox");
  const box = screen.getByRole("link", { name: /^pay/ });
  fireEvent.pointerDown(box, { button: 0, buttons: 1, clientX: 300, clientY: 50 });
  fireEvent.pointerMove(box, { buttons: 1, clientX: 260, clientY: 50 });
  fireEvent.pointerUp(box);
  fireEvent.click(box);
  expect(svg.getAttribute("viewBox")).not.toBe(before);
  expect(go).not.toHaveBeenCalled();
  fireEvent.click(box);
  expect(go).toHaveBeenCalledOnce();
});
