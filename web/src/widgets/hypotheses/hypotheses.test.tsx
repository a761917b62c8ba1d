import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { pageLike, show, widgetLike } from "~/testing/show";
import Hypotheses from "~/widgets/hypotheses";
import { signedOf, wordOf } from "~/widgets/hypotheses/Cause";

const proof = { says: "p99 left its band", n: 96, ids: ["fact:1"], excluded: {} };
const cause = {
  id: "h1",
  rank: 1,
  entity: "service:prod/shop/payment",
  entity_to: "entities/payment",
  says: "Version 3.4.1 answers slowly",
  kind: "deployment",
  change: "3.4.0 → 3.4.1",
  change_to: "changes/1",
  score: 0.8,
  onset_ms: null,
  parts: [
    { name: "onset", value: 0.8, says: "before the symptom" },
    { name: "history", value: -0.1, says: "judged wrong once" },
  ],
  evidence: [proof],
  falsified_by: ["it is calm while checkout fails"],
  spark: [1, 2, 9],
  spark_low: [],
  spark_high: [],
  spark_says: "p99: 9 s",
  actions: [],
};
const widget = widgetLike("hypotheses", {
  causes: [cause, { ...cause, id: "h2", rank: 2, says: "The disk is slow", score: 0.3 }],
  dismissed: [
    {
      entity: "service:prod/shop/search",
      entity_to: "",
      says: "A flag was turned",
      reason: "nothing depends on it",
      evidence: [],
    },
  ],
  no_change_is_guilty: 0.07,
});

const shown = (prove = vi.fn()) => {
  const page = pageLike({ prove });
  show(<Hypotheses widget={widget} page={page} />, page);
  return prove;
};

test("the likeliest is open, others unfold", () => {
  shown();
  const [first, second] = screen.getAllByRole("button", { name: /^Cause/ });
  expect(first?.getAttribute("aria-expanded")).toBe("true");
  expect(second?.getAttribute("aria-expanded")).toBe("false");
  fireEvent.click(second as HTMLElement);
  expect(second?.getAttribute("aria-expanded")).toBe("true");
});

test("evidence opens in the drawer, the change is a way on", () => {
  const prove = shown();
  fireEvent.click(screen.getAllByRole("button", { name: /p99 left its band/ })[0] as HTMLElement);
  expect(prove).toHaveBeenCalledWith(proof, "Version 3.4.1 answers slowly");
  const [change] = screen.getAllByRole("link", { name: "3.4.0 → 3.4.1" });
  expect(change?.getAttribute("href")).toBe("/changes/1");
});

test("parts carry their sign and meaning, dismissed ones their reason", () => {
  shown();
  expect(screen.getAllByText("+0.8")).toHaveLength(2);
  expect(screen.getAllByText("−0.1")).toHaveLength(2);
  expect(screen.getByText(/1 dismissed/)).toBeTruthy();
  expect(screen.getByText("nothing depends on it", { exact: false })).toBeTruthy();
  expect(screen.getByText("7 %")).toBeTruthy();
});

test("a score has a word", () => {
  expect([0.9, 0.4, 0.1].map(wordOf)).toEqual(["likely", "possible", "unlikely"]);
});

test("parts have two digits and a sign, nothing has none", () => {
  expect([0.9472, -0.1, 0.001, -12.34].map(signedOf)).toEqual(["+0.95", "−0.1", "0", "−12.34"]);
});

test("where all are dismissed it says so", () => {
  show(<Hypotheses widget={{ ...widget, causes: [] }} page={pageLike()} />);
  expect(screen.getByText(/No cause is left/)).toBeTruthy();
});
