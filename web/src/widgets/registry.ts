import { type ComponentType, lazy } from "react";
import type { Kind, WidgetOf } from "~/api/pages";
import type { PageContext } from "~/shared/page";

/** What every renderer gets. It draws the state "ok" alone; the frame draws the others. */
export interface WidgetProps<K extends Kind> {
  readonly widget: WidgetOf<K>;
  readonly page: PageContext;
}

type Renderer = ComponentType<WidgetProps<never>>;

/** The name of a folder is the kind it draws: `widgets/stat/index.tsx` draws "stat". */
const folders = import.meta.glob<{ default: Renderer }>("./*/index.tsx");

const loaders = new Map<string, () => Promise<{ default: Renderer }>>();
const waiting = new Map<string, Renderer>();
const loaded = new Map<string, Renderer>();

for (const [path, load] of Object.entries(folders)) {
  const kind = path.split("/")[1] ?? "";
  const remembered = async () => {
    const module = await load();
    loaded.set(kind, module.default);
    return module;
  };
  loaders.set(kind, remembered);
  waiting.set(kind, lazy(remembered));
}

export const kinds = (): string[] => [...loaders.keys()].sort();

/** Begins to load the renderers, so that they are there when the first page is. */
export function loadRenderers(): void {
  for (const load of loaders.values()) {
    // A renderer that does not come is asked for again by who shows it, and fails there.
    load().catch(() => undefined);
  }
}

/** The renderer of a kind; none where the console is older than the server. */
export function rendererOf<K extends Kind>(kind: K): ComponentType<WidgetProps<K>> | undefined {
  const found = loaded.get(kind) ?? waiting.get(kind);
  return found as ComponentType<WidgetProps<K>> | undefined;
}
