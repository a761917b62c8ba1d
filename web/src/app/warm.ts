import { getNav, getSession } from "~/api/client";
import { client } from "~/app/client";
import { parseSearch } from "~/app/search";
import { pageOptions } from "~/page/data";
import { pathOf, queryOf } from "~/page/where";
import { loadRenderers } from "~/widgets/registry";

const SCHEME = "mantine-color-scheme-value";

/** Asks for what the first page needs before anything is drawn, and sets its colours. */
export function warm(): void {
  const kept = localStorage.getItem(SCHEME);
  const dark =
    kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  if (window.location.pathname !== "/signin") {
    // What takes longest is asked for first.
    const query = queryOf(parseSearch(window.location.search));
    void client.prefetchQuery(pageOptions(pathOf(window.location.pathname), query));
    void client.prefetchQuery({ queryKey: ["nav"], queryFn: getNav });
    void client.prefetchQuery({ queryKey: ["session"], queryFn: getSession });
  }
  loadRenderers();
}
