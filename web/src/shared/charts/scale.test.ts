import { expect, test } from "vitest";
import { lineVariables, worse } from "~/shared/charts/colours";
import { fit } from "~/shared/charts/fit";
import { linear, ticks, timeTicks, valueRange } from "~/shared/charts/scale";
import { within, zoomed } from "~/shared/charts/useView";

test("a scale maps a stretch, and a stretch of nothing to its beginning", () => {
  expect(linear(10, 20, 0, 100)(15)).toBe(50);
  expect(linear(5, 5, 3, 100)(5)).toBe(3);
});

test("ticks are round and lie within", () => {
  expect(ticks(0, 1, 4)).toEqual([0, 0.5, 1]);
  expect(ticks(-3, 11, 5)).toEqual([0, 5, 10]);
  expect(ticks(2, 2, 5)).toEqual([]);
});

test("ticks of time stand at full minutes and hours of the viewer's zone", () => {
  const from = new Date(2026, 2, 3, 14, 2).getTime();
  const { stepMs, at } = timeTicks(from, from + 3_600_000, 6);
  expect(stepMs).toBe(600_000);
  expect(new Date(at[0] ?? 0).getMinutes()).toBe(10);
  expect(at).toHaveLength(6);
});

test("values start at 0 where that wastes less than half, and never where none are", () => {
  expect(valueRange([10, 100, null])[0]).toBe(0);
  expect(valueRange([90, 100])[0]).toBeGreaterThan(80);
  expect(valueRange([null])).toEqual([0, 1]);
  const [low, high] = valueRange([-5, -1]);
  expect(low).toBeLessThan(-5);
  expect(high).toBeLessThanOrEqual(0);
});

test("a line in trouble has the colour of trouble only where it is alone in it", () => {
  expect(lineVariables(["neutral", "bad"])).toEqual(["--series-1", "--bad-fill"]);
  expect(lineVariables(["bad", "bad"])).toEqual(["--series-1", "--series-2"]);
  expect(new Set(lineVariables(Array.from({ length: 8 }, () => "neutral"))).size).toBe(8);
  expect(worse("good", "unknown")).toBe("unknown");
});

test("a name is cut in its middle, and left out where nothing of it has room", () => {
  expect(fit("checkout", 500, 12)).toBe("checkout");
  const cut = fit("deployment-of-payment-3.4.1", 110, 12);
  expect(cut).toMatch(/^depl.*….*3\.4\.1$/);
  expect(fit("checkout", 8, 12)).toBe("");
});

test("a view stays within what there is, and is zoomed around a point", () => {
  expect(within([-10, 10], [0, 100], 1)).toEqual([0, 20]);
  expect(within([0, 500], [0, 100], 1)).toEqual([0, 100]);
  expect(within([50, 50], [0, 100], 10)).toEqual([50, 60]);
  expect(zoomed([0, 100], 0.5, 20)).toEqual([10, 60]);
});
