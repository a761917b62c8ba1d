import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hiddenAfter } from "~/widgets/series/Legend";
import { flags, stood } from "~/widgets/series/Marks";
import { gapsOf, judged, modelOf, reachOf, saidOf, stepsOf } from "~/widgets/series/model";

const made = vi.hoisted(() => ({ plots: [] as unknown[][] }));
vi.mock("uplot", () => ({
  default: class {
    over = document.createElement("div");
    width = 600;
    series = [];
    data: unknown;
    constructor(options: unknown, data: unknown, element: HTMLElement) {
      made.plots.push([options, data]);
      this.data = data;
      element.append(this.over);
    }
    destroy() {
      this.over.remove();
    }
    setData() {}
    setSize() {}
    setSeries() {}
  },
}));

// Files share their modules: another one may have loaded the chart with the true plotter.
vi.resetModules();
const { pageLike, show, widgetLike } = await import("~/testing/show");
const { default: Series } = await import("~/widgets/series");

const line = (name: string, y: (number | null)[], more = {}) => ({
  name,
  y,
  low: [],
  high: [],
  health: "neutral" as const,
  dashed: false,
  ...more,
});

const widget = widgetLike("series", {
  title: "p99",
  x_ms: [0, 1000, 2000, 3000],
  lines: [
    line("cart", [1, null, null, 4], { low: [0, 0, 0, 0], high: [2, 2, 2, 2] }),
    line("pay", [9, 9, 9, null]),
  ],
  unit: "s",
  threshold: 5,
  marks: [{ at_ms: 1500, until_ms: null, says: "deployed", health: "neutral", to: "changes/1" }],
  height: 180,
});

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  made.plots.length = 0;
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600);
});

test("a band becomes two columns beneath its line, a line without one none", () => {
  const { data, columns } = modelOf(widget);
  expect(columns.map((each) => each.role)).toEqual(["low", "high", "value", "value"]);
  expect(data).toHaveLength(5);
});

test("a gap stays a gap", () => {
  expect(modelOf(widget).data[3]).toEqual([1, null, null, 4]);
  expect(gapsOf(line("a", [1, null, null, 4, null]))).toBe(2);
});

test("a threshold far away does not flatten the lines", () => {
  expect(reachOf(widget, new Set()).threshold).toBe(true);
  const far = { ...widget, threshold: 5000 };
  expect(reachOf(far, new Set())).toMatchObject({ threshold: false });
  expect(reachOf(far, new Set()).high).toBeLessThan(12);
});

test("hidden lines do not count for the axis", () => {
  const { high } = reachOf({ ...widget, threshold: null }, new Set([1]));
  expect(high).toBeLessThan(5);
});

test("the chart says itself in words", () => {
  expect(saidOf(widget)).toBe(
    "p99. cart: last 4 s, from 1 s to 4 s, 1 gap; pay: last 9 s, from 9 s to 9 s, 1 gap; marked: deployed",
  );
  const [cart] = widget.lines;
  expect(cart && judged(cart, 3)).toBe("above its band");
});

test("a click hides a line, with shift it is alone, and again all are back", () => {
  expect([...hiddenAfter(new Set(), 1, false, 3)]).toEqual([1]);
  const alone = hiddenAfter(new Set(), 1, true, 3);
  expect([...alone]).toEqual([0, 2]);
  expect([...hiddenAfter(alone, 1, true, 3)]).toEqual([]);
});

test("flags that are near are one, those outside are left out", () => {
  const mark = (at_ms: number) => ({ ...widget.marks[0], at_ms }) as (typeof widget.marks)[number];
  const marks = [mark(900), mark(0), mark(10), mark(2000), mark(-5)];
  const all = stood({ marks, fromMs: 0, untilMs: 1000 });
  expect(all.map((each) => each.left)).toEqual([0, 1, 90]);
  expect(flags(all, 500).map((group) => group.length)).toEqual([2, 1]);
});

test("a stretch that began before is cut at the edge", () => {
  const [mark] = widget.marks;
  if (!mark) throw new Error("no mark");
  const [cut] = stood({
    marks: [{ ...mark, at_ms: -500, until_ms: 500 }],
    fromMs: 0,
    untilMs: 1000,
  });
  expect(cut).toMatchObject({ left: 0, wide: 50, cut: true });
});

test("steps of whole numbers are whole", () => {
  expect(stepsOf({ ...widget, unit: "", lines: [line("n", [1, 2, null, 3])] })?.[0]).toBe(1);
  expect(stepsOf({ ...widget, unit: "", lines: [line("n", [1.5])] })).toBeUndefined();
  expect(stepsOf({ ...widget, unit: "By" })?.slice(0, 3)).toEqual([1, 2, 4]);
});

test("dragging chooses the page's time, keys read the points, a mark leads on", async () => {
  const setQuery = vi.fn();
  const page = pageLike({ setQuery });
  show(<Series widget={widget} page={page} />, page);
  // The plot is made in an effect, which a busy machine may run a moment later.
  await waitFor(() => expect(made.plots).toHaveLength(1), { timeout: 4000 });
  const [options] = made.plots[0] as [{ hooks: { setSelect: ((plot: unknown) => void)[] } }];
  options.hooks.setSelect[0]?.({
    select: { left: 10, width: 50 },
    posToVal: (x: number) => x * 1000,
    setSelect: () => undefined,
  });
  expect(setQuery).toHaveBeenCalledWith({
    since: "1970-01-01T00:00:10Z",
    until: "1970-01-01T00:01:00Z",
  });
  expect(await screen.findByRole("slider", { name: /p99\. cart/ })).toBeTruthy();
  expect(screen.getByRole("link", { name: /deployed/ }).getAttribute("href")).toBe("/changes/1");
});

test("the same as a table, and a legend that hides", () => {
  const page = pageLike();
  show(<Series widget={widget} page={page} />, page);
  const button = screen.getByRole("button", { name: /^pay/ });
  fireEvent.click(button);
  expect(button.getAttribute("aria-pressed")).toBe("false");
  fireEvent.click(screen.getByRole("button", { name: "p99: show as table" }));
  expect(screen.getAllByRole("row")).toHaveLength(1 + 4 + 1 + 1);
  expect(screen.getAllByText("no data")).toHaveLength(3);
});
