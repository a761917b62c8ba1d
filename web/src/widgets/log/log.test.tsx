import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { pageLike, show, widgetLike } from "~/testing/show";
import Log from "~/widgets/log";
import { asText, templatesOf, windowOf } from "~/widgets/log/model";

const lines = Array.from({ length: 1000 }, (_, i) => ({
  id: `l${i}`,
  at_ms: i * 1000,
  entity: "service:prod/shop/cart",
  text: `line ${i}`,
  severity: i % 10 === 0 ? "error" : "info",
  health: i % 10 === 0 ? ("bad" as const) : ("neutral" as const),
  template: i % 10 === 0 ? "failed <*>" : "line <*>",
  to: "",
}));
const widget = widgetLike("log", { title: "Lines", lines, next: "older" });

const shown = (page = pageLike()) => show(<Log widget={widget} page={page} />, page);

test("of a thousand lines only those in sight are made, the newest at first", () => {
  shown();
  expect(screen.getAllByRole("option").length).toBeLessThan(60);
  expect(screen.getByText("line 999")).toBeTruthy();
  expect(screen.queryByText("line 10")).toBeNull();
});

test("a template is a filter", () => {
  shown();
  const chip = screen.getByRole("button", { name: /100 failed/ });
  fireEvent.click(chip);
  expect(chip.getAttribute("aria-pressed")).toBe("true");
  expect(screen.getByRole("listbox", { name: /100 lines/ })).toBeTruthy();
  expect(screen.queryByText("line 999")).toBeNull();
});

test("keys choose a line, which opens beneath; escape closes it", () => {
  shown();
  const list = screen.getByRole("listbox");
  fireEvent.keyDown(list, { key: "ArrowDown" });
  expect(screen.getByText("Template: line <*>")).toBeTruthy();
  expect(list.getAttribute("aria-activedescendant")).toBe("line-l999");
  fireEvent.keyDown(list, { key: "Escape" });
  expect(screen.queryByText("Template: line <*>")).toBeNull();
});

test("older lines are asked of the server by the page's query", () => {
  const setQuery = vi.fn();
  shown(pageLike({ setQuery }));
  fireEvent.click(screen.getByRole("button", { name: "Older lines" }));
  expect(setQuery).toHaveBeenCalledWith({ "log.after": "older" });
});

test("templates by number, the window around what is seen, lines as text", () => {
  expect(templatesOf(lines).map((each) => [each.n, each.health])).toEqual([
    [900, "neutral"],
    [100, "bad"],
  ]);
  expect(windowOf(2400, 240, 24, 1000, 2)).toEqual([98, 112]);
  expect(windowOf(0, 240, 24, 3)).toEqual([0, 3]);
  expect(asText(lines.slice(0, 1))).toBe(
    "1970-01-01T00:00:00.000Z error service:prod/shop/cart line 0",
  );
});
