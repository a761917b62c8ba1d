import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { linear } from "~/shared/charts/scale";
import { pageLike, show, widgetLike } from "~/testing/show";
import Distribution from "~/widgets/distribution";
import { above, placed } from "~/widgets/distribution/quantiles";

const shares = [
  { low: 0, high: 1, n: 30 },
  { low: 1, high: 2, n: 0 },
  { low: 2, high: 3, n: 10 },
];
const widget = widgetLike("distribution", {
  title: "How long",
  unit: "s",
  shares,
  quantiles: { p99: 2.9, p50: 0.4 },
});

test("it says itself, and how much lies above", () => {
  show(<Distribution widget={widget} page={pageLike()} />);
  expect(
    screen.getByRole("img", { name: /How long: 40 values; p99 2.9 s, p50 400 ms/ }),
  ).toBeTruthy();
  expect(above(shares, 1)).toBe(10);
});

test("names of quantiles that are near stand in two rows", () => {
  const rows = placed({ p50: 1, p90: 1.1, p99: 9 }, linear(0, 10, 0, 1000), 1000);
  expect(rows.map((each) => [each.name, each.row])).toEqual([
    ["p50", 0],
    ["p90", 1],
    ["p99", 0],
  ]);
});

test("the same as a table", () => {
  show(<Distribution widget={widget} page={pageLike()} />);
  fireEvent.click(screen.getByRole("button", { name: "How long: show as table" }));
  expect(screen.getAllByRole("row")).toHaveLength(1 + 3 + 2);
});
