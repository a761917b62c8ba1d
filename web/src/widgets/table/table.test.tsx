import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { Action, Table as TableRecord } from "~/api/pages";
import { pageLike, show, widgetLike } from "~/testing/show";
import Table from "~/widgets/table";

const action = (id: string, more: Partial<Action> = {}): Action => ({
  id,
  title: id,
  method: "POST",
  path: "incidents/actions",
  body: { verb: id },
  confirm: "",
  danger: false,
  disabled: "",
  key: "",
  ask: "",
  ...more,
});

const cell = (value: number | string | null, more = {}) => ({
  value,
  health: null,
  to: "",
  hint: "",
  trend: [],
  ...more,
});

const row = (id: string, errors: number | null) => ({
  id,
  to: `incidents/${id}`,
  health: null,
  actions: ["acknowledge", "close"],
  cells: { title: cell(`Incident ${id}`), errors: cell(errors) },
});

const column = (key: string, more = {}) => ({
  key,
  title: key,
  shows: "text",
  sortable: false,
  hide_on_phone: false,
  ...more,
});

const widget = (more: Partial<TableRecord> = {}) =>
  widgetLike("table", {
    id: "incidents",
    title: "Incidents",
    columns: [column("title"), column("errors", { shows: "ratio", sortable: true })],
    rows: [row("a", 0.5), row("b", null)],
    total: 40,
    next: "b",
    previous: "",
    sort: "",
    q: "",
    q_hint: "",
    facets: [],
    bulk: ["acknowledge"],
    actions: [action("acknowledge", { key: "a" }), action("close", { danger: true })],
    ...more,
  });

function shown(more: Partial<TableRecord> = {}, query = {}) {
  const page = pageLike({
    query,
    setQuery: vi.fn(),
    go: vi.fn(),
    act: vi.fn(() => Promise.resolve(null)),
  });
  show(<Table widget={widget(more)} page={page} />, page);
  return page;
}

describe("a table", () => {
  test("says no data where there is none, and never zero", () => {
    shown();
    expect(screen.getByRole("row", { name: /Incident a/ })).toHaveProperty("tagName", "TR");
    expect(screen.getByText("50 %")).toBeTruthy();
    expect(screen.getByText("no data")).toBeTruthy();
    expect(screen.getByText("2 of 40 rows")).toBeTruthy();
  });

  test("sorts, searches and pages through the URL", () => {
    const page = shown();
    fireEvent.click(screen.getByRole("button", { name: "errors" }));
    expect(page.setQuery).toHaveBeenLastCalledWith({
      "incidents.sort": "errors",
      "incidents.after": undefined,
    });
    const search = screen.getByRole("searchbox", { name: "Search Incidents" });
    fireEvent.change(search, { target: { value: "cart" } });
    fireEvent.keyDown(search, { key: "Enter" });
    expect(page.setQuery).toHaveBeenLastCalledWith({
      "incidents.q": "cart",
      "incidents.after": undefined,
    });
    fireEvent.click(screen.getByRole("button", { name: "Next" }));
    expect(page.setQuery).toHaveBeenLastCalledWith({ "incidents.after": "b" });
  });

  test("a second click sorts the other way", () => {
    const page = shown({ sort: "errors" });
    expect(screen.getByRole("columnheader", { name: "errors" }).getAttribute("aria-sort")).toBe(
      "ascending",
    );
    fireEvent.click(screen.getByRole("button", { name: "errors" }));
    expect(page.setQuery).toHaveBeenLastCalledWith({
      "incidents.sort": "-errors",
      "incidents.after": undefined,
    });
  });

  test("several values of a facet stand in one parameter", () => {
    const values = [
      { value: "critical", title: "critical", n: 3, chosen: true },
      { value: "minor", title: "minor", n: 9, chosen: false },
    ];
    const page = shown({ facets: [{ param: "severity", title: "Severity", values }] });
    fireEvent.click(screen.getByRole("button", { name: /^Severity/ }));
    fireEvent.click(screen.getByRole("checkbox", { name: /minor/ }));
    expect(page.setQuery).toHaveBeenLastCalledWith({
      severity: "critical,minor",
      "incidents.after": undefined,
    });
    fireEvent.click(screen.getByRole("button", { name: "Take away Severity: critical" }));
    expect(page.setQuery).toHaveBeenLastCalledWith({
      severity: "",
      "incidents.after": undefined,
    });
  });

  test("does one action to many rows at once", async () => {
    const page = shown();
    fireEvent.click(screen.getByRole("checkbox", { name: "Choose all rows shown" }));
    expect(screen.getByRole("status").textContent).toBe("2 chosen");
    fireEvent.click(screen.getByRole("button", { name: "acknowledge" }));
    expect(page.act).toHaveBeenCalledWith(expect.objectContaining({ id: "acknowledge" }), {
      ids: ["a", "b"],
    });
    await vi.waitFor(() => expect(screen.queryByText("2 chosen")).toBeNull());
  });

  test("a row opens, is chosen and is acted on by keys", () => {
    const page = shown();
    const first = screen.getByRole("row", { name: /Incident a/ });
    fireEvent.keyDown(first, { key: "Enter" });
    expect(page.go).toHaveBeenCalledWith("incidents/a");
    fireEvent.keyDown(first, { key: "x" });
    expect(screen.getByText("1 chosen")).toBeTruthy();
    fireEvent.keyDown(first, { key: "a" });
    expect(page.act).toHaveBeenCalledWith(expect.objectContaining({ id: "acknowledge" }), {
      id: "a",
    });
  });

  test("a row's menu offers what the row offers", () => {
    const page = shown();
    fireEvent.click(screen.getByRole("button", { name: "Actions of b" }));
    const menu = screen.getByRole("menu", { name: "Actions of b" });
    fireEvent.click(within(menu).getByRole("menuitem", { name: "close" }));
    expect(page.act).toHaveBeenCalledWith(expect.objectContaining({ id: "close" }), { id: "b" });
  });

  test("that found nothing keeps its search and says what would help", () => {
    shown({
      rows: [],
      q: "zzz",
      state: "empty",
      missing: "None of 40 incidents fits.",
      remedy: "Take the filters away.",
    });
    expect(screen.getByRole("searchbox")).toHaveProperty("value", "zzz");
    expect(screen.getByText("None of 40 incidents fits.")).toBeTruthy();
    expect(screen.getByText("Take the filters away.")).toBeTruthy();
  });
});
