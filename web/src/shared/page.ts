import { createContext, useContext } from "react";
import type { Action, Proof } from "~/api/pages";

/** The URL's query: every value as it stands there. */
export type Query = Readonly<Record<string, string>>;
export type QueryChange = Readonly<Record<string, string | undefined>>;

/** What a widget may know of, and ask of, the page it is on. */
export interface PageContext {
  /** The page's path, such as `incidents/inc-1`; empty for the overview. */
  readonly path: string;
  readonly query: Query;
  /** The page's times, milliseconds since epoch, as its last answer had them. */
  readonly asOfMs: number;
  /** Changes the query in the URL; `undefined` takes a parameter out. */
  setQuery(change: QueryChange): void;
  /** Goes to a path of the console (`incidents/inc-1?tab=alerts`), with the time range and scope. */
  go(to: string): void;
  /** Where such a path leads, as an `href`. */
  href(to: string): string;
  /** Fetches one widget again, or the page. */
  refresh(widgetId?: string): void;
  /** Asks what has to be asked, does it, says what failed, and refreshes. */
  act(action: Action, extra?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Does it likewise, but throws what failed: for who says that beside a field. */
  send(action: Action, body: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Opens the drawer that resolves the proof's evidence. */
  prove(proof: Proof, title: string): void;
}

const nowhere = (to: string): string => `/${to.replace(/^\//, "")}`;

/** What stands where no page is around: links are plain, nothing is done. Tests extend it. */
export const noPage: PageContext = {
  path: "",
  query: {},
  asOfMs: 0,
  setQuery: () => undefined,
  go: (to) => window.location.assign(nowhere(to)),
  href: nowhere,
  refresh: () => undefined,
  act: () => Promise.resolve(undefined),
  send: () => Promise.resolve(undefined),
  prove: () => undefined,
};

export const PageScope = createContext<PageContext>(noPage);

export const usePage = (): PageContext => useContext(PageScope);
