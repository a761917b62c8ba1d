import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Kind, WidgetOf } from "~/api/pages";
import type { PageContext } from "~/shared/page";

/** What every renderer gets. It draws the state "ok" alone; the frame draws the others. */
export interface WidgetProps<K extends Kind> {
  readonly widget: WidgetOf<K>;
  readonly page: PageContext;
}

type Renderer = ComponentType<WidgetProps<never>>;
type Loader = () => Promise<{ default: Renderer }>;

/** The name of a folder is the kind it draws: `widgets/stat/index.tsx` draws "stat". */
const folders = import.meta.glob<{ default: Renderer }>("./*/index.tsx");

const renderers = new Map<string, LazyExoticComponent<Renderer>>();
for (const [path, load] of Object.entries(folders)) {
  renderers.set(path.split("/")[1] ?? "", lazy(load as Loader));
}

export const kinds = (): string[] => [...renderers.keys()].sort();

/** The renderer of a kind, loaded when first shown; none where the console is older than the server. */
export function rendererOf<K extends Kind>(kind: K): ComponentType<WidgetProps<K>> | undefined {
  return renderers.get(kind) as ComponentType<WidgetProps<K>> | undefined;
}
