import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Page } from "~/api/pages";
import { App } from "~/app/App";
import { client, reachable, signedOut } from "~/app/client";
import { waiting } from "~/app/held";
import { makeRouter } from "~/app/router";
import { FakeStream, Refusal, serve } from "~/testing/server";
import { widgetLike } from "~/testing/show";

const stat = (id: string, value: number, more = {}) =>
  widgetLike("stat", {
    id,
    title: id,
    value,
    unit: "",
    text: "",
    health: "neutral",
    trend: [],
    to: "",
    ...more,
  });

const pageLike = (path: string, title: string, widgets: object[], more: Partial<Page> = {}) => ({
  path,
  title,
  lead: "",
  health: "neutral",
  health_text: "",
  crumbs: [],
  facts: [],
  controls: [],
  actions: [],
  sections: [{ id: "main", title: "", widgets, folded: false, tab: false }],
  timed: true,
  as_of_ms: 0,
  ...more,
});

const nav = (path: string, title: string, key: string) => ({
  path,
  title,
  key,
  group: "",
  health: null,
  count: null,
});

const close = {
  id: "close",
  title: "Close it",
  method: "POST",
  path: "incidents/actions",
  body: { verb: "close", ids: ["inc-1"] },
  confirm: "Close the incident?",
  danger: true,
  disabled: "",
  key: "c",
  ask: "why",
};

const answers = () => ({
  "GET session": { name: "dana", scopes: ["read"], expires_ms: null },
  "GET pages": { items: [nav("overview", "Overview", "o"), nav("incidents", "Incidents", "i")] },
  "GET pages/overview": (url: URL) => {
    const widget = stat("open", 2, { topics: ["incidents"] });
    return url.searchParams.get("widget")
      ? { widget: { ...widget, value: 3 } }
      : pageLike("overview", "Overview", [widget]);
  },
  "GET pages/incidents": pageLike("incidents", "Incidents", [stat("all", 5)], { actions: [close] }),
  "GET find": { items: [{ title: "Checkout is slow", says: "live", to: "incidents", kind: "x" }] },
});

async function open(path: string) {
  window.history.pushState(null, "", path);
  await act(async () => {
    render(<App router={makeRouter()} />);
  });
}

beforeEach(() => {
  client.clear();
  signedOut.set(false);
  reachable.set(true);
  vi.stubGlobal("EventSource", FakeStream);
  vi.stubGlobal("scrollTo", () => undefined);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a page says what the server says, with the time range and scope of the URL", async () => {
  const { asked } = serve(answers());
  await open("/?since=-6h&scope=shop&tab=x");
  expect(await screen.findByRole("heading", { level: 1, name: "Overview" })).toBeTruthy();
  expect(await screen.findByText("2")).toBeTruthy();
  expect(asked).toContain("GET pages/overview?since=-6h&scope=shop");
  expect(document.title).toBe("Overview · Opsweave");
  const link = within(screen.getByRole("navigation", { name: "Pages" })).getByRole("link", {
    name: "Incidents",
  });
  expect(link.getAttribute("href")).toBe("/incidents?since=-6h&scope=shop");
});

test("g and a letter go to a page, and its heading gets the focus", async () => {
  serve(answers());
  await open("/");
  await screen.findByRole("heading", { level: 1, name: "Overview" });
  fireEvent.keyDown(document.body, { key: "g" });
  fireEvent.keyDown(document.body, { key: "i" });
  const heading = await screen.findByRole("heading", { level: 1, name: "Incidents" });
  await waitFor(() => expect(document.activeElement).toBe(heading));
  expect(window.location.pathname).toBe("/incidents");
});

test("the palette finds pages and what the server finds, by keys alone", async () => {
  serve(answers());
  await open("/");
  await screen.findByRole("heading", { level: 1, name: "Overview" });
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const box = await screen.findByRole("combobox");
  fireEvent.change(box, { target: { value: "checkout" } });
  expect(await screen.findByRole("option", { name: /Checkout is slow/ })).toBeTruthy();
  fireEvent.keyDown(box, { key: "Enter" });
  await screen.findByRole("heading", { level: 1, name: "Incidents" });
});

test("a deed is asked for, keeps what failed in the dialog, and refreshes the page", async () => {
  let fails = true;
  const { asked, fetch } = serve({
    ...answers(),
    "POST incidents/actions": () => {
      if (fails) return new Refusal(409, "the incident is closed", "look again");
      return { done: 1 };
    },
  });
  await open("/incidents");
  await screen.findByRole("heading", { level: 1, name: "Incidents" });
  fireEvent.keyDown(document.body, { key: "c" });
  const dialog = await screen.findByRole("dialog", { name: "Close it" });
  fireEvent.change(within(dialog).getByLabelText("Why"), { target: { value: "a test" } });
  fireEvent.click(within(dialog).getByRole("button", { name: "Close it" }));
  expect((await within(dialog).findByRole("alert")).textContent).toContain("look again");
  fails = false;
  const before = asked.filter((call) => call === "GET pages/incidents").length;
  fireEvent.click(within(dialog).getByRole("button", { name: "Close it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const sent = fetch.mock.calls.find(([, init]) => init?.method === "POST")?.[1];
  expect(JSON.parse(String(sent?.body))).toEqual({ verb: "close", ids: ["inc-1"], why: "a test" });
  expect(new Headers(sent?.headers).get("x-opsweave")).toBe("1");
  await waitFor(() =>
    expect(asked.filter((call) => call === "GET pages/incidents").length).toBeGreaterThan(before),
  );
});

test("news fetch the widget they concern alone, and wait while somebody reads", async () => {
  const { asked } = serve(answers());
  await open("/");
  await screen.findByText("2");
  await waitFor(() => expect(FakeStream.last?.url).toContain("incidents"));
  const selection = vi.spyOn(document, "getSelection");
  selection.mockReturnValue({ isCollapsed: false } as Selection);
  act(() => FakeStream.last?.news("incidents"));
  await waitFor(() => expect(waiting.get()).toBe(1));
  expect(screen.getByRole("button", { name: /1 update, press r/ })).toBeTruthy();
  expect(asked.some((call) => call.includes("widget="))).toBe(false);
  selection.mockReturnValue({ isCollapsed: true } as Selection);
  expect(await screen.findByText("3")).toBeTruthy();
  expect(asked).toContain("GET pages/overview?widget=open");
  expect(waiting.get()).toBe(0);
});

test("who is not signed in pastes a token and goes on where they were", async () => {
  let inside = false;
  const guarded = Object.fromEntries(
    Object.entries(answers()).map(([call, answer]) => [
      call,
      (url: URL) => {
        if (!inside) return new Refusal(401, "no credentials");
        return typeof answer === "function" ? answer(url) : answer;
      },
    ]),
  );
  const { fetch } = serve({
    ...guarded,
    "POST session": () => {
      inside = true;
      return { name: "dana", scopes: ["read"], expires_ms: null };
    },
  });
  await open("/incidents?view=all");
  fireEvent.change(await screen.findByLabelText("Token"), { target: { value: " ow_abc " } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Incidents" })).toBeTruthy();
  const sent = fetch.mock.calls.find(([, init]) => init?.method === "POST")?.[1];
  expect(JSON.parse(String(sent?.body))).toEqual({ token: "ow_abc" });
  expect(window.location.search).toBe("?view=all");
});

test("a link that works once signs in by itself, and a used one says so", async () => {
  serve({ ...answers(), "POST session": new Refusal(401, "the link was used", "make another") });
  await open("/signin?once=abc");
  expect((await screen.findByRole("alert")).textContent).toContain("make another");
  expect(screen.getByLabelText("Token")).toBeTruthy();
});

test("a page that one may not see says what is needed", async () => {
  serve({
    ...answers(),
    "GET pages/secrets": new Refusal(403, "needs the scope admin", "ask for a token"),
  });
  await open("/secrets");
  expect(await screen.findByRole("heading", { name: "You may not see this page" })).toBeTruthy();
  expect(screen.getByText("To do: ask for a token")).toBeTruthy();
});

test("a server that does not answer is said, and what was seen stays", async () => {
  serve(answers());
  await open("/");
  await screen.findByText("2");
  vi.stubGlobal(
    "fetch",
    vi.fn(() => Promise.reject(new TypeError("failed"))),
  );
  fireEvent.keyDown(document.body, { key: "r" });
  expect((await screen.findByRole("alert")).textContent).toContain("does not answer");
  expect(screen.getByText("2")).toBeTruthy();
});
