import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, UNREACHABLE } from "~/api/client";
import { store } from "~/shared/store";

/** Whether the server answered when it was last asked. */
export const reachable = store(true);
/** Nobody is signed in, or not any more. */
export const signedOut = store(false);

const statusOf = (error: unknown): number | undefined =>
  error instanceof ApiError ? error.status : undefined;

export const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      const status = statusOf(error);
      if (status === 401) signedOut.set(true);
      if (status === UNREACHABLE) reachable.set(false);
      else if (status !== undefined) reachable.set(true);
    },
    onSuccess: () => reachable.set(true),
  }),
  defaultOptions: {
    queries: {
      retry: (tries, error) => {
        const status = statusOf(error);
        if (status === UNREACHABLE) reachable.set(false);
        return (status === UNREACHABLE || status === 503 || status === 429) && tries < 4;
      },
      retryDelay: (tries) => Math.min(1000 * 2 ** tries, 15_000),
      staleTime: 2000,
      gcTime: 120_000,
      refetchOnWindowFocus: true,
    },
  },
});
