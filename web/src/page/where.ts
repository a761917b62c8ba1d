import type { Query } from "~/shared/page";

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** The path of a page within the console; empty for the overview. */
export function pathOf(pathname: string): string {
  const path = pathname.split("/").filter(Boolean).map(decoded).join("/");
  return path === "overview" ? "" : path;
}

/** What of the URL's query the server is asked with: the chosen tab is the console's own affair. */
export function queryOf(search: Query): Query {
  const { tab: _, ...asked } = search;
  return asked;
}
