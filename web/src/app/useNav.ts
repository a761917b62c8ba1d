import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { getNav, getSession, type NavItem, type Session } from "~/api/client";
import { client } from "~/app/client";
import { subscribe } from "~/app/stream";

const NONE: readonly NavItem[] = [];

/** The pages there are; counts are as new as the last incident or approval. */
export function useNav(): readonly NavItem[] {
  useEffect(
    () =>
      subscribe(["incidents", "approvals"], () => {
        void client.invalidateQueries({ queryKey: ["nav"] });
      }),
    [],
  );
  return useQuery({ queryKey: ["nav"], queryFn: getNav, refetchInterval: 60_000 }).data ?? NONE;
}

export const useSession = (): Session | undefined =>
  useQuery({ queryKey: ["session"], queryFn: getSession, staleTime: 60_000 }).data;

/** The entry that a path belongs to: the longest that it begins with. */
export function currentOf(items: readonly NavItem[], path: string): NavItem | undefined {
  const own = (item: NavItem) => (item.path === "overview" ? "" : item.path);
  const holds = (item: NavItem) =>
    own(item) === path || (own(item) !== "" && path.startsWith(`${own(item)}/`));
  return items.filter(holds).sort((a, b) => own(b).length - own(a).length)[0];
}
