import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Health } from "~/api/pages";
import { pageLike, show, widgetLike } from "~/testing/show";
import Honeycomb from "~/widgets/honeycomb";
import { comb, stepped } from "~/widgets/honeycomb/layout";

const cell = (id: string, health: Health) => ({
  id,
  label: id,
  health,
  says: "",
  to: `entities/${id}`,
});
const widget = widgetLike("honeycomb", {
  title: "All",
  groups: [
    { title: "shop", cells: [cell("cart", "good"), cell("pay", "bad"), cell("mail", "unknown")] },
    { title: "data", cells: [cell("lake", "good")] },
  ],
});

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(300);
});

const shown = (go = vi.fn()) => {
  const page = pageLike({ go });
  show(<Honeycomb widget={widget} page={page} />, page);
  return go;
};

test("worst first, each cell a link by name and health", () => {
  const go = shown();
  const names = screen.getAllByRole("link").map((link) => link.getAttribute("aria-label"));
  expect(names).toEqual(["pay, in trouble", "mail, no data", "cart, healthy", "lake, healthy"]);
  fireEvent.click(screen.getByRole("link", { name: "pay, in trouble" }));
  expect(go).toHaveBeenCalledWith("entities/pay");
  expect(screen.getByText("1 in trouble, 1 no data")).toBeTruthy();
  expect(screen.getByText("all healthy")).toBeTruthy();
});

test("one stop of the tab key a group, arrows walk through it", () => {
  shown();
  const stops = screen.getAllByRole("link").filter((link) => link.tabIndex === 0);
  expect(stops).toHaveLength(2);
  act(() => stops[0]?.focus());
  fireEvent.keyDown(stops[0] as HTMLElement, { key: "ArrowRight" });
  expect(document.activeElement?.getAttribute("aria-label")).toBe("mail, no data");
  expect(screen.getByRole("status").textContent).toContain("mail");
});

test("the same as a list over all groups", () => {
  shown();
  fireEvent.click(screen.getByRole("button", { name: "All: show as list" }));
  expect(screen.getAllByRole("row")[1]?.textContent).toContain("pay");
});

test("rows fit the width and steps stay inside", () => {
  const { perRow, places } = comb(30, 300);
  expect(Math.max(...places.map((place) => place.x))).toBeLessThan(300);
  expect(stepped(0, "ArrowDown", perRow, 30)).toBe(perRow);
  expect(stepped(0, "ArrowUp", perRow, 30)).toBe(0);
  expect(stepped(5, "End", perRow, 30)).toBe(29);
  expect(stepped(5, "x", perRow, 30)).toBeUndefined();
});
