import type { Query, QueryChange } from "~/shared/page";

/** The URL's query as flat text. The router's own way would turn `?q=12` into a number. */
export function parseSearch(text: string): Query {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== "") out.set(key, String(value));
  }
  // Readable where the characters need no escape in a query.
  const said = out.toString().replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%2C/g, ",");
  return said ? `?${said}` : "";
}

/** What every page shares: the time range and the scope. */
export const CARRIED = ["since", "until", "scope"] as const;

/** A path of the console as an `href`, with the time range and scope of where one is. */
export function hrefOf(to: string, query: Query): string {
  const [path = "", text = ""] = to.replace(/^\//, "").split("?", 2);
  const own = parseSearch(text);
  const timed = "since" in own || "until" in own;
  const carried: Record<string, string> = {};
  for (const key of CARRIED) {
    const value = query[key];
    if (value && !(timed && key !== "scope")) carried[key] = value;
  }
  return `/${path === "overview" ? "" : path}${stringifySearch({ ...carried, ...own })}`;
}

export function changed(query: Query, change: QueryChange): Query {
  const out: Record<string, string> = { ...query };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || value === "") delete out[key];
    else out[key] = value;
  }
  return out;
}
