import { expect, test } from "vitest";
import { rangeOf, rangeTitle, relativeSeconds, stretch } from "~/app/range";
import { changed, hrefOf, parseSearch, stringifySearch } from "~/app/search";
import { pathOf, queryOf } from "~/page/where";

test("values of the query stay text, and come out as they went in", () => {
  const text = "?q=12&entity=service:prod/shop/cart&on=true";
  expect(parseSearch(text)).toEqual({ q: "12", entity: "service:prod/shop/cart", on: "true" });
  expect(stringifySearch(parseSearch(text))).toBe(text);
});

test("a link keeps the time range and scope, but not what belongs to the page that is left", () => {
  const here = { since: "-6h", scope: "shop", tab: "alerts", "incidents.after": "abc" };
  expect(hrefOf("incidents/inc-1?tab=log", here)).toBe(
    "/incidents/inc-1?since=-6h&scope=shop&tab=log",
  );
  expect(hrefOf("overview", here)).toBe("/?since=-6h&scope=shop");
});

test("a link with a time of its own does not mix it with the one from before", () => {
  expect(hrefOf("map?until=2026-01-01T00:00:00Z", { since: "-6h", scope: "x" })).toBe(
    "/map?scope=x&until=2026-01-01T00:00:00Z",
  );
});

test("what becomes empty leaves the query", () => {
  expect(changed({ a: "1", b: "2" }, { a: undefined, b: "", c: "3" })).toEqual({ c: "3" });
});

test("a path is decoded, and the overview has none", () => {
  expect(pathOf("/entities/service%3Aprod/shop/cart")).toBe("entities/service:prod/shop/cart");
  expect(pathOf("/overview")).toBe("");
  expect(pathOf("/a%zz")).toBe("a%zz");
});

test("the tab is no question to the server", () => {
  expect(queryOf({ tab: "log", since: "-1h" })).toEqual({ since: "-1h" });
});

test("a relative range moves on, an absolute one stands", () => {
  const now = Date.parse("2026-03-03T12:00:00Z");
  expect(relativeSeconds("-90m")).toBe(5400);
  expect(rangeOf({}, now)).toEqual({ sinceMs: now - 3_600_000, untilMs: now, live: true });
  const fixed = stretch(now - 1500, now + 1);
  expect(fixed).toEqual({ since: "2026-03-03T11:59:58Z", until: "2026-03-03T12:00:01Z" });
  expect(rangeOf(fixed, now).live).toBe(false);
  expect(rangeTitle({ since: "-24h" }, now)).toBe("last 1 d");
});
