import { expect, test } from "vitest";
import type { Page, Widget } from "~/api/pages";
import { patched, turned } from "~/page/data";
import { widgetLike } from "~/testing/show";

const stat = widgetLike("stat", { id: "errors", value: 1 });
const table = widgetLike("table", { id: "alerts", rows: [] });
const other = widgetLike("stat", { id: "alerts2", value: 3 });

const page = {
  sections: [
    { id: "a", widgets: [stat, table] as Widget[] },
    { id: "b", widgets: [other] as Widget[] },
  ],
} as unknown as Page;

test("only the widget that is new is another object", () => {
  const news = { ...stat, value: 2 };
  const after = patched(page, [news]);
  expect(after.sections[0]?.widgets[0]).toBe(news);
  expect(after.sections[0]?.widgets[1]).toBe(table);
  expect(after.sections[1]).toBe(page.sections[1]);
});

test("turning the page of one table concerns that table alone", () => {
  expect(turned(page, {}, { "alerts.after": "x" })).toEqual(["alerts"]);
  expect(turned(page, { "alerts.q": "a" }, { "alerts.sort": "n" })).toEqual(["alerts"]);
});

test("what is no widget's own concerns the whole page", () => {
  expect(turned(page, {}, { "alerts.after": "x", severity: "critical" })).toEqual([]);
  expect(turned(page, {}, { "alerts3.after": "x" })).toEqual([]);
});
