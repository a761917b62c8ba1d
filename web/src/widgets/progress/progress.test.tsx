import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { pageLike, show, widgetLike } from "~/testing/show";
import Progress, { running } from "~/widgets/progress";

const stage = (id: string, more = {}) => ({
  id,
  title: id,
  state: "waiting",
  health: "neutral" as const,
  says: "",
  from_ms: null,
  until_ms: null,
  ...more,
});
const widget = widgetLike("progress", {
  title: "Rollback",
  done: 0.5,
  stages: [
    stage("plan", { state: "approved", from_ms: 0, until_ms: 90_000 }),
    stage("verify", { state: "running", from_ms: 90_000 }),
    stage("close"),
  ],
});

test("the stage that runs is the current one; times say how long", () => {
  show(<Progress widget={widget} page={pageLike()} />);
  const items = screen.getAllByRole("listitem");
  expect(items.map((item) => item.getAttribute("aria-current"))).toEqual([null, "step", null]);
  expect(within(items[0] as HTMLElement).getByText(/1 m 30 s/)).toBeTruthy();
  const bar = screen.getByRole("progressbar", { name: "Rollback: done" }) as HTMLProgressElement;
  expect(bar.value).toBe(0.5);
});

test("what was a moment does not run", () => {
  const made = stage("plan", { from_ms: 0, health: "good" });
  expect(running([made])).toBeUndefined();
  expect(running([made, stage("ask", { from_ms: 5 })])?.id).toBe("ask");
  expect(
    running([stage("ask", { from_ms: 5 }), stage("do", { from_ms: 9, until_ms: 10 })]),
  ).toBeUndefined();
});

test("where it is not known how far, no bar claims it", () => {
  show(<Progress widget={{ ...widget, done: null }} page={pageLike()} />);
  expect(screen.queryByRole("progressbar")).toBeNull();
});
