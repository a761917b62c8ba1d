import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { pageLike, show, widgetLike } from "~/testing/show";
import Diff from "~/widgets/diff";
import { type Change, diffOf, folds, linesOf, paired, shared } from "~/widgets/diff/lines";

const side = (changes: readonly Change[], not: Change["kind"]) =>
  changes.filter((change) => change.kind !== not).map((change) => change.text);

const texts = ["", "a\n", "a\nb\nc\n", "b\nc\nd\n", "x\ny\nx\ny\nz", "y\nx\ny\ny\nq\nz\n"];

test.each(texts.flatMap((a) => texts.map((b) => [a, b] as const)))(
  "the steps from %j to %j give both texts back, with their line numbers",
  (a, b) => {
    const changes = diffOf(a, b);
    expect(side(changes, "in")).toEqual(linesOf(a));
    expect(side(changes, "out")).toEqual(linesOf(b));
    const numbers = changes.flatMap((change) => change.after ?? []);
    expect(numbers).toEqual(linesOf(b).map((_, i) => i + 1));
  },
);

test("no line is taken out that could stay", () => {
  const changes = diffOf("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc");
  expect(changes.filter((change) => change.kind !== "same")).toHaveLength(5);
});

test("texts that share nothing are all out, all in, without hanging", () => {
  const many = (name: string) => Array.from({ length: 3000 }, (_, i) => name + i).join("\n");
  const changes = diffOf(many("a"), many("b"));
  expect(changes).toHaveLength(6000);
});

test("what is out stands beside what is in; what they share is not marked", () => {
  const pairs = paired(diffOf("a: 1\nx", "a: 2\nx\ny"));
  expect(pairs.map((pair) => [pair.left?.text, pair.right?.text])).toEqual([
    ["a: 1", "a: 2"],
    ["x", "x"],
    [undefined, "y"],
  ]);
  expect(shared("a: 1", "a: 2")).toEqual({ head: 3, tail: 0 });
  expect(shared("aa", "aaa")).toEqual({ head: 2, tail: 0 });
});

test("long stretches of the same are folded, up to near what differs", () => {
  const same = [...Array(10).fill(true), false, ...Array(20).fill(true), false, true];
  expect(folds(same)).toEqual([
    [0, 7],
    [14, 28],
  ]);
});

test("lines are said by word, and folded ones unfold", () => {
  const long = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
  const widget = widgetLike("diff", {
    before: `${long}\nold`,
    after: `${long}\nnew`,
    before_title: "before",
    after_title: "after",
  });
  show(<Diff widget={widget} page={pageLike()} />);
  expect(screen.getByText("taken out:")).toBeTruthy();
  expect(screen.getByText("put in:")).toBeTruthy();
  expect(screen.queryByText("line 2")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: /Show 17 lines/ }));
  expect(screen.getByText("line 2")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Side by side" }));
  expect(screen.getByRole("columnheader", { name: "after" })).toBeTruthy();
});
