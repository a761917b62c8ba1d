import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { WaterfallSpan } from "~/api/pages";
import { pageLike, show, widgetLike } from "~/testing/show";
import Waterfall from "~/widgets/waterfall";
import { beneath, ownOf, parentOf, seenOf } from "~/widgets/waterfall/tree";

const span = (id: string, depth: number, start_ms: number, duration_ms: number): WaterfallSpan => ({
  id,
  name: id,
  entity: "shop",
  depth,
  start_ms,
  duration_ms,
  self_ms: 5,
  health: id === "pay" ? "bad" : "neutral",
  says: id === "pay" ? "timed out" : "",
});
const spans = [
  span("root", 0, 0, 100),
  span("pay", 1, 10, 50),
  span("db", 2, 20, 20),
  span("mail", 1, 50, 30),
];
const widget = widgetLike("waterfall", { title: "Trace", total_ms: 100, spans, left_out: 2 });

test("own time is what no direct child covers, also where children overlap", () => {
  expect(ownOf(spans, 0)).toEqual([
    [0, 10],
    [80, 100],
  ]);
  expect(ownOf(spans, 2)).toEqual([[20, 40]]);
});

test("what is folded hides all beneath it", () => {
  expect(seenOf(spans, new Set(["pay"]))).toEqual([0, 1, 3]);
  expect(beneath(spans, 0)).toBe(3);
  expect(parentOf(spans, 2)).toBe(1);
  expect(parentOf(spans, 0)).toBeUndefined();
});

test("keys walk and fold, errors are said", () => {
  show(<Waterfall widget={widget} page={pageLike()} />);
  const tree = screen.getByRole("tree");
  fireEvent.keyDown(tree, { key: "ArrowDown" });
  const pay = screen.getByRole("treeitem", { name: /^pay, shop, 50 ms, own 5 ms, in trouble/ });
  expect(pay.getAttribute("aria-selected")).toBe("true");
  expect(screen.getByRole("status").textContent).toContain("timed out");
  fireEvent.keyDown(tree, { key: "ArrowLeft" });
  expect(pay.getAttribute("aria-expanded")).toBe("false");
  expect(screen.queryByRole("treeitem", { name: /^db/ })).toBeNull();
  fireEvent.keyDown(tree, { key: "ArrowLeft" });
  expect(document.activeElement?.getAttribute("data-span")).toBe("root");
  expect(screen.getByText(/2 more spans are not shown/)).toBeTruthy();
});
