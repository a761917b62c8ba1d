import { fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Moment } from "~/api/pages";
import { pageLike, show, widgetLike } from "~/testing/show";
import Timeline from "~/widgets/timeline";
import { byLane, place } from "~/widgets/timeline/place";

const moment = (id: string, at_ms: number, more: Partial<Moment> = {}): Moment => ({
  id,
  lane: "a",
  at_ms,
  until_ms: null,
  open: false,
  says: `says ${id}`,
  detail: "",
  health: "neutral",
  to: "",
  lit: false,
  ...more,
});

const placed = (moments: Moment[], view: [number, number] = [0, 1000]) =>
  place(byLane(["a"], moments), view, 1000).get("a");

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
});

test("what lies over each other becomes one, and says the worst; what is lit stays alone", () => {
  const near = [
    moment("1", 500),
    moment("2", 503, { health: "bad" }),
    moment("3", 506, { lit: true }),
  ];
  const lane = placed(near);
  const sizes = lane?.items.map((item) => item.moments.length).sort();
  expect(sizes).toEqual([1, 2]);
  expect(lane?.items.find((item) => item.moments.length === 2)?.health).toBe("bad");
});

test("ten thousand moments are a bounded number of items, and none is lost", () => {
  const many = Array.from({ length: 10_000 }, (_, i) => moment(String(i), (i * 7919) % 1000));
  const items = placed(many)?.items ?? [];
  expect(items.length).toBeLessThan(120);
  expect(items.reduce((n, item) => n + item.moments.length, 0)).toBe(10_000);
});

test("stretches at the same time stand in rows; an open one goes to the edge", () => {
  const lane = placed([
    moment("1", 100, { until_ms: 400 }),
    moment("2", 200, { open: true }),
    moment("3", 500, { until_ms: 600 }),
  ]);
  expect(lane?.rows).toBe(2);
  const [, open] = lane?.items.toSorted((a, b) => a.x - b.x) ?? [];
  expect(open).toMatchObject({ after: true, x: 200, width: 800 });
});

test("what begins before the view is cut and says so; what ended before is left out", () => {
  const lane = placed(
    [moment("1", 0, { until_ms: 600 }), moment("2", 10), moment("3", 100, { until_ms: 200 })],
    [500, 1000],
  );
  expect(lane?.items).toHaveLength(1);
  expect(lane?.items[0]).toMatchObject({ before: true, x: 0 });
});

const widget = widgetLike("timeline", {
  title: "Story",
  from_ms: 0,
  until_ms: 100_000,
  lanes: [{ id: "a", title: "Alerts" }],
  moments: [
    moment("1", 10_000, { says: "slow", health: "bad", to: "incidents/1" }),
    moment("2", 60_000, { says: "rolled back", until_ms: 80_000 }),
  ],
});

test("arrow keys step through the moments, Enter opens one", () => {
  const go = vi.fn();
  const page = pageLike({ go });
  show(<Timeline widget={widget} page={page} />, page);
  const picture = screen.getByRole("application");
  fireEvent.keyDown(picture, { key: "ArrowDown" });
  expect(screen.getByRole("status").textContent).toContain("slow");
  expect(screen.getByRole("status").textContent).toContain("in trouble");
  fireEvent.keyDown(picture, { key: "Enter" });
  expect(go).toHaveBeenCalledWith("incidents/1");
});

test("zoom by key and button, and back", () => {
  const page = pageLike();
  show(<Timeline widget={widget} page={page} />, page);
  const all = screen.getByRole("button", { name: "All" }) as HTMLButtonElement;
  expect(all.disabled).toBe(true);
  fireEvent.keyDown(screen.getByRole("application"), { key: "+" });
  expect(all.disabled).toBe(false);
  expect(screen.queryByText("slow")).toBeNull();
  fireEvent.click(all);
  expect(all.disabled).toBe(true);
});

test("the same as a list, in order", () => {
  const page = pageLike();
  show(<Timeline widget={widget} page={page} />, page);
  fireEvent.click(screen.getByRole("button", { name: "Story: show as list" }));
  const rows = screen.getAllByRole("row").map((row) => row.textContent ?? "");
  expect(rows[1]).toContain("slow");
  expect(rows[1]).toContain("in trouble");
  expect(rows[2]).toContain("20 s");
});
