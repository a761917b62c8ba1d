import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Kind, WidgetOf } from "~/api/pages";
import type { WidgetProps } from "~/widgets/registry";

vi.mock("uplot", () => ({
  default: class {
    over = document.createElement("div");
    series = [];
    destroy() {}
    setData() {}
    setSize() {}
  },
}));

// Files share their modules: another one may have loaded the chart with the true plotter.
vi.resetModules();
const { pageLike, show, widgetLike } = await import("~/testing/show");

const modules = import.meta.glob<{ default: React.ComponentType<WidgetProps<never>> }>(
  "./*/index.tsx",
);

async function drawn<K extends Kind>(widget: WidgetOf<K>): Promise<string> {
  const { default: Renderer } = (await modules[`./${widget.kind}/index.tsx`]?.()) ?? {};
  if (!Renderer) throw new Error(`no renderer of ${widget.kind}`);
  const page = pageLike();
  const { container } = show(<Renderer widget={widget as never} page={page} />, page);
  return container.innerHTML;
}

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600);
});

const plain = { dashed: false, low: [], high: [], health: "neutral" as const };
const span = {
  entity: "",
  start_ms: 0,
  duration_ms: 0,
  self_ms: 0,
  health: "bad" as const,
  says: "",
};
const moment = { lane: "nowhere", until_ms: null, open: false, detail: "", to: "", lit: true };
const node = { kind: "?", health: "unknown" as const, x: 0, y: 0, says: "", to: "", lit: false };
const long = "service:prod/a-namespace-of-many-letters/".repeat(4);

const odd = {
  "a series of nothing": widgetLike("series", {
    x_ms: [],
    lines: [],
    marks: [],
    threshold: null,
    unit: "",
    height: 180,
  }),
  "a series of one point": widgetLike("series", {
    x_ms: [5],
    lines: [{ name: "a", y: [0], ...plain }],
    marks: [],
    threshold: 0,
    unit: "s",
    height: 180,
  }),
  "a series of gaps": widgetLike("series", {
    x_ms: [1, 2],
    lines: [{ name: long, y: [null, null], ...plain }],
    marks: [{ at_ms: 1, until_ms: 9, says: "", health: "bad", to: "" }],
    threshold: 3,
    unit: "%",
    height: 180,
  }),
  "a distribution of nothing": widgetLike("distribution", { shares: [], quantiles: {}, unit: "s" }),
  "a distribution of one value": widgetLike("distribution", {
    shares: [{ low: 1, high: 1, n: 1 }],
    quantiles: { p50: 1, p99: 1 },
    unit: "",
  }),
  "a timeline of no time": widgetLike("timeline", {
    from_ms: 5,
    until_ms: 5,
    lanes: [],
    moments: [{ ...moment, id: "1", at_ms: 5, says: long, health: "bad" }],
  }),
  "a timeline with an end before its beginning": widgetLike("timeline", {
    from_ms: 0,
    until_ms: 10,
    lanes: [{ id: "nowhere", title: long }],
    moments: [{ ...moment, id: "1", at_ms: 8, until_ms: 2, says: "", health: "good" }],
  }),
  "a map of nothing": widgetLike("graph", {
    width: 0,
    height: 0,
    nodes: [],
    edges: [],
    left_out: 0,
  }),
  "a map of one box": widgetLike("graph", {
    width: 0,
    height: 0,
    nodes: [{ ...node, id: 'a"b', label: long }],
    edges: [
      { source: 'a"b', target: 'a"b', kind: "calls", says: "", lit: false },
      { source: "gone", target: 'a"b', kind: "calls", says: "", lit: true },
    ],
    left_out: 1,
  }),
  "a comb of nothing": widgetLike("honeycomb", { groups: [{ title: "", cells: [] }] }),
  "a matrix with too few cells": widgetLike("matrix", {
    columns: ["a", "b"],
    rows: [{ title: "x", lit: false, to: "", cells: [] }],
  }),
  "a calendar of no time": widgetLike("calendar", {
    from_ms: 0,
    until_ms: 0,
    entries: [{ id: "1", lane: "", from_ms: 0, until_ms: 0, says: long, health: "bad", to: "" }],
  }),
  "a trace of no time": widgetLike("waterfall", {
    total_ms: 0,
    left_out: 0,
    spans: [
      { ...span, id: 'a"', name: long, depth: 0 },
      { ...span, id: "b", name: "", depth: 7 },
    ],
  }),
  "a tree of nothing": widgetLike("hypotheses", {
    causes: [],
    dismissed: [],
    no_change_is_guilty: null,
  }),
  "a run of nothing": widgetLike("progress", { stages: [], done: 1.7 }),
  "a difference of nothing": widgetLike("diff", {
    before: "",
    after: "",
    before_title: "",
    after_title: "",
  }),
  "a log of nothing": widgetLike("log", { lines: [], next: "" }),
} as const;

test.each(Object.entries(odd))("%s is drawn without a number that is none", async (_, widget) => {
  const html = await drawn(widget as WidgetOf<Kind>);
  expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/);
});
