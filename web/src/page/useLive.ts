import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Page } from "~/api/pages";
import { reading, touched, waiting } from "~/app/held";
import { subscribe } from "~/app/stream";
import { pageKey, refetchWidgets, widgetsOf } from "~/page/data";
import type { Query } from "~/shared/page";

const LOOK_MS = 400;
const HEAD_MS = 10_000;
const MANY = 5;

/** Brings news to the widgets they concern, and waits while somebody reads those. */
class Bringer {
  private readonly old = new Set<string>();
  private headAt = Date.now();
  private busy = false;

  private readonly client: QueryClient;
  private readonly path: string;
  private readonly query: Query;

  constructor(client: QueryClient, path: string, query: Query) {
    this.client = client;
    this.path = path;
    this.query = query;
  }

  private get page(): Page | undefined {
    return this.client.getQueryData<Page>(pageKey(this.path, this.query));
  }

  hear(topic: string) {
    for (const widget of this.page ? widgetsOf(this.page) : []) {
      if (widget.topics.includes(topic)) this.old.add(widget.id);
    }
  }

  /** Brings what may be brought now; the others are counted as waiting. */
  async look(): Promise<void> {
    if (this.busy || this.old.size === 0) return;
    const ready = reading() ? [] : [...this.old].filter((id) => !touched(id));
    const held = this.old.size - ready.length;
    waiting.set(held);
    if (ready.length === 0) return;
    this.busy = true;
    for (const id of ready) this.old.delete(id);
    try {
      await this.bring(ready, held);
    } catch {
      // A widget may have left the page; what else is wrong, the page's own answer says.
      await this.whole();
    } finally {
      this.busy = false;
    }
  }

  private async whole(): Promise<void> {
    this.headAt = Date.now();
    await this.client.refetchQueries({ queryKey: pageKey(this.path, this.query), exact: true });
  }

  private async bring(ids: readonly string[], held: number): Promise<void> {
    const headIsOld = Date.now() - this.headAt > HEAD_MS;
    if (held === 0 && (headIsOld || ids.length > MANY)) {
      await this.whole();
    } else {
      await refetchWidgets(this.client, this.path, this.query, ids);
    }
  }
}

/** Keeps the widgets of a page new for as long as it is shown. */
export function useLive(path: string, query: Query, page: Page | undefined): void {
  const client = useQueryClient();
  const topics = page ? [...new Set(widgetsOf(page).flatMap((each) => each.topics))].sort() : [];
  const asked = topics.join(",");
  useEffect(() => {
    if (!asked) return;
    const bringer = new Bringer(client, path, query);
    const stop = subscribe(asked.split(","), (news) => bringer.hear(news.topic));
    const beat = setInterval(() => void bringer.look(), LOOK_MS);
    return () => {
      stop();
      clearInterval(beat);
      waiting.set(0);
    };
  }, [client, path, query, asked]);
}
