import { createRootRoute, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { Shell } from "~/app/Shell";
import { SignIn } from "~/app/SignIn";
import { parseSearch, stringifySearch } from "~/app/search";
import { PageView } from "~/page/PageView";
import type { Query } from "~/shared/page";

/** What the console itself reads of the URL's query; a page's own parameters stand beside. */
export type Search = Query & Partial<Readonly<Record<"since" | "until" | "scope" | "tab", string>>>;

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(
      Object.entries(search).map(([key, value]) => [key, String(value)]),
    ) as Search,
  component: Outlet,
});

const signIn = createRoute({ getParentRoute: () => root, path: "/signin", component: SignIn });
const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell });
const overview = createRoute({ getParentRoute: () => shell, path: "/", component: PageView });
// One route for every page: what it shows, the server says.
const page = createRoute({ getParentRoute: () => shell, path: "/$", component: PageView });

const routeTree = root.addChildren([signIn, shell.addChildren([overview, page])]);

/** A router over the address bar. */
export const makeRouter = () =>
  createRouter({ routeTree, parseSearch, stringifySearch, scrollRestoration: true });

export type ConsoleRouter = ReturnType<typeof makeRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: ConsoleRouter;
  }
}
