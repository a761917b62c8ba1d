import { fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { pageLike, show, widgetLike } from "~/testing/show";
import Calendar from "~/widgets/calendar";
import { daysOf, laneRows } from "~/widgets/calendar/days";

const DAY = 86_400_000;
const start = new Date(2026, 2, 2).getTime();
const entry = (id: string, from: number, until: number, lane = "On call") => ({
  id,
  lane,
  from_ms: start + from * DAY,
  until_ms: start + until * DAY,
  says: id,
  health: "neutral" as const,
  to: "",
});
const widget = widgetLike("calendar", {
  title: "Shifts",
  from_ms: start,
  until_ms: start + 7 * DAY,
  entries: [entry("Ada", 0, 2), entry("Grace", 1, 3), entry("freeze", 2, 4, "Freezes")],
});

afterEach(() => vi.restoreAllMocks());

test("days are those of the viewer's zone", () => {
  const days = daysOf(start + 1000, start + 7 * DAY);
  expect(days[0]?.fromMs).toBe(start);
  expect(days).toHaveLength(7);
  expect(days.filter((day) => day.weekend)).toHaveLength(2);
});

test("entries at the same time stand in rows of their lane", () => {
  const lanes = laneRows(widget.entries);
  expect(lanes.map(({ lane, rows }) => [lane, rows.length])).toEqual([
    ["On call", 2],
    ["Freezes", 1],
  ]);
});

test("on a phone what comes, in order, and what is now", () => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(350);
  show(<Calendar widget={widget} page={pageLike({ asOfMs: start + 0.5 * DAY })} />);
  const items = screen.getAllByRole("listitem").map((item) => item.textContent ?? "");
  expect(items[0]).toMatch(/now.*Ada/);
  expect(items).toHaveLength(3);
});

test("the same as a list", () => {
  show(<Calendar widget={widget} page={pageLike()} />);
  fireEvent.click(screen.getByRole("button", { name: "Shifts: show as list" }));
  expect(screen.getAllByRole("row")[1]?.textContent).toContain("2 d");
});
