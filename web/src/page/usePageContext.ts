import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Page } from "~/api/pages";
import { proved } from "~/app/drawer";
import { waiting } from "~/app/held";
import { tell, wordsOf } from "~/app/telling";
import { useWhere } from "~/app/useWhere";
import { perform, performAndTell } from "~/page/act";
import { pageKey, refetchWidgets } from "~/page/data";
import { queryOf } from "~/page/where";
import type { PageContext } from "~/shared/page";

/** What the widgets of the page that is shown may ask of it. */
export function usePageContext(): PageContext {
  const client = useQueryClient();
  const { path, query, setQuery, go, href } = useWhere();
  const asked = useMemo(() => queryOf(query), [query]);
  const refresh = useCallback(
    (id?: string) => {
      const done = id
        ? refetchWidgets(client, path, asked, [id])
        : client.refetchQueries({ queryKey: ["page", path], type: "active" });
      if (!id) waiting.set(0);
      done.catch((error: unknown) => {
        const { says, action } = wordsOf(error);
        tell(says, true, action);
      });
    },
    [client, path, asked],
  );
  const after = useCallback(
    async (deed: Promise<unknown>) => {
      const answer = await deed;
      if (answer !== undefined) {
        refresh();
        void client.invalidateQueries({ queryKey: ["nav"] });
      }
      return answer;
    },
    [client, refresh],
  );
  return useMemo(
    () => ({
      path,
      query,
      // Read when it is asked for: a page that was fetched anew is no reason to draw every widget.
      get asOfMs() {
        return client.getQueryData<Page>(pageKey(path, asked))?.as_of_ms ?? 0;
      },
      setQuery,
      go,
      href,
      refresh,
      act: (action, extra) => after(performAndTell(action, extra)),
      send: (action, body) => after(perform(action, body)),
      prove: (proof, title) => proved.set({ proof, title }),
    }),
    [client, path, query, asked, setQuery, go, href, refresh, after],
  );
}
