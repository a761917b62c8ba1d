import { keepPreviousData, type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { getPage, getWidget } from "~/api/client";
import type { Page, Widget } from "~/api/pages";
import type { Query } from "~/shared/page";

export const pageKey = (path: string, query: Query) => ["page", path, query] as const;

const FRESH_MS = 60_000;

/** The page with some of its widgets in place of the old ones; the rest stays the same object. */
export function patched(page: Page, widgets: readonly Widget[]): Page {
  const news = new Map(widgets.map((widget) => [widget.id, widget]));
  const sections = page.sections.map((section) =>
    section.widgets.some((widget) => news.has(widget.id))
      ? { ...section, widgets: section.widgets.map((widget) => news.get(widget.id) ?? widget) }
      : section,
  );
  return { ...page, sections };
}

export const widgetsOf = (page: Page): readonly Widget[] =>
  page.sections.flatMap((section) => section.widgets);

/** The widgets whose own parameters (`ID.after`, `ID.sort`) are all that differs; none where the
 * page itself is another. */
export function turned(page: Page, before: Query, after: Query): readonly string[] {
  const ids = widgetsOf(page).map((widget) => widget.id);
  const found = new Set<string>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[key] === after[key] || key === "tab") continue;
    const id = ids.find((each) => key.startsWith(`${each}.`));
    if (id === undefined) return [];
    found.add(id);
  }
  return [...found];
}

interface Seen {
  readonly path: string;
  readonly query: Query;
  readonly page: Page;
  readonly atMs: number;
}

async function fetched(path: string, query: Query, seen: Seen | undefined, signal: AbortSignal) {
  if (seen && seen.path === path && Date.now() - seen.atMs < FRESH_MS) {
    const ids = turned(seen.page, seen.query, query);
    if (ids.length > 0) {
      return patched(seen.page, await Promise.all(ids.map((id) => getWidget(path, query, id))));
    }
  }
  return getPage(path, query, signal);
}

export const pageOptions = (path: string, query: Query) =>
  queryOptions({
    queryKey: pageKey(path, query),
    queryFn: ({ signal }) => getPage(path, query, signal),
  });

/** The page of a path and query. Turning a table's page fetches that table alone. */
export function usePageData(path: string, query: Query) {
  const seen = useRef<Seen | undefined>(undefined);
  const result = useQuery({
    ...pageOptions(path, query),
    queryFn: ({ signal }) => fetched(path, query, seen.current, signal),
    placeholderData: (before, from) =>
      from && from.queryKey[1] === path ? keepPreviousData(before) : undefined,
  });
  if (result.data && !result.isPlaceholderData && seen.current?.page !== result.data) {
    seen.current = { path, query, page: result.data, atMs: result.dataUpdatedAt };
  }
  return result;
}

/** Fetches widgets anew and puts them where they stand; everything else is left as it is. */
export async function refetchWidgets(
  client: QueryClient,
  path: string,
  query: Query,
  ids: readonly string[],
): Promise<void> {
  const widgets = await Promise.all(ids.map((id) => getWidget(path, query, id)));
  client.setQueryData<Page>(pageKey(path, query), (page) => page && patched(page, widgets));
}
