import { MantineProvider } from "@mantine/core";
import { type RenderResult, render } from "@testing-library/react";
import type { ReactNode } from "react";
import type { Kind, WidgetOf } from "~/api/pages";
import { noPage, type PageContext, PageScope } from "~/shared/page";

/** Renders content on a page that does nothing unless `page` says so. */
export function show(content: ReactNode, page: Partial<PageContext> = {}): RenderResult {
  return render(
    <MantineProvider env="test">
      <PageScope.Provider value={{ ...noPage, ...page }}>{content}</PageScope.Provider>
    </MantineProvider>,
  );
}

export const pageLike = (page: Partial<PageContext> = {}): PageContext => ({ ...noPage, ...page });

/** A widget of a kind with the defaults of the server and the fields given. */
export function widgetLike<K extends Kind>(
  kind: K,
  fields: Omit<Partial<WidgetOf<K>>, "kind"> & { readonly [field: string]: unknown },
): WidgetOf<K> {
  const base = {
    kind,
    id: kind,
    title: "",
    says: "",
    span: 12,
    state: "ok",
    missing: "",
    remedy: "",
    remedy_to: "",
    proof: null,
    topics: [],
    actions: [],
  };
  return { ...base, ...fields } as unknown as WidgetOf<K>;
}
