import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { pageLike, show, widgetLike } from "~/testing/show";
import Matrix from "~/widgets/matrix";

const widget = widgetLike("matrix", {
  title: "Practices",
  columns: ["build", "deploy"],
  rows: [
    {
      title: "Delivery",
      lit: true,
      to: "delivery",
      cells: [
        null,
        { health: "bad", text: "1 failed", says: "of nine", to: "delivery?tab=failed" },
      ],
    },
    {
      title: "Data",
      lit: false,
      to: "",
      cells: [{ health: "unknown", text: "", says: "", to: "" }, null],
    },
  ],
});

const drawn = (width: number) => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(width);
  show(<Matrix widget={widget} page={pageLike()} />);
};

afterEach(() => vi.restoreAllMocks());

test("a cell is a number, a word and a way on", () => {
  drawn(1200);
  const cell = screen.getByRole("link", { name: "Delivery, deploy: in trouble, 1 failed" });
  expect(cell.getAttribute("href")).toBe("/delivery?tab=failed");
  expect(screen.getAllByText("nothing at this stage")).toHaveLength(2);
  expect(screen.getByText("no data")).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: /Delivery.*of your role/ })).toBeTruthy();
});

test("on a phone a card a row, without what holds nothing", () => {
  drawn(350);
  expect(screen.queryByRole("table")).toBeNull();
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  expect(screen.queryByText("nothing at this stage")).toBeNull();
});
