import { useRouter, useRouterState } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { changed, hrefOf, parseSearch, stringifySearch } from "~/app/search";
import { pathOf } from "~/page/where";
import type { Query, QueryChange } from "~/shared/page";

export interface Where {
  readonly path: string;
  readonly query: Query;
  setQuery(change: QueryChange): void;
  go(to: string): void;
  href(to: string): string;
}

/** Where in the console one is, and how to go elsewhere. */
export function useWhere(): Where {
  const { history } = useRouter();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const text = useRouterState({ select: (state) => state.location.searchStr });
  const query = useMemo(() => parseSearch(text), [text]);
  const setQuery = useCallback(
    (change: QueryChange) => {
      const { pathname: here, search } = history.location;
      history.push(here + stringifySearch(changed(parseSearch(search), change)));
    },
    [history],
  );
  const href = useCallback((to: string) => hrefOf(to, query), [query]);
  const go = useCallback((to: string) => history.push(hrefOf(to, query)), [history, query]);
  return useMemo(
    () => ({ path: pathOf(pathname), query, setQuery, go, href }),
    [pathname, query, setQuery, go, href],
  );
}
