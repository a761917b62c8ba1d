import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getPage } from "~/api/client";
import type { Page } from "~/api/pages";
import { reading, touched, waiting } from "~/app/held";
import { subscribe } from "~/app/stream";
import { pageKey, patched, refetchWidgets, widgetsOf } from "~/page/data";
import type { Query } from "~/shared/page";

const LOOK_MS = 400;
const HEAD_MS = 10_000;
const MANY = 5;

/** Brings news to the widgets they concern, and waits while somebody reads those. */
class Bringer {
  private readonly old = new Set<string>();
  private headAt = Date.now();
  private headIsOld = false;
  private busy = false;

  private readonly client: QueryClient;
  private readonly path: string;
  private readonly query: Query;

  constructor(client: QueryClient, path: string, query: Query) {
    this.client = client;
    this.path = path;
    this.query = query;
  }

  private get key() {
    return pageKey(this.path, this.query);
  }

  private get page(): Page | undefined {
    return this.client.getQueryData<Page>(this.key);
  }

  hear(topic: string) {
    for (const widget of this.page ? widgetsOf(this.page) : []) {
      if (!widget.topics.includes(topic)) continue;
      this.old.add(widget.id);
      this.headIsOld = true;
    }
  }

  /** The head has no topics of its own: it follows the widgets, a while behind. */
  private get headIsDue(): boolean {
    return this.headIsOld && Date.now() - this.headAt > HEAD_MS;
  }

  /** Brings what may be brought now; the others are counted as waiting. */
  async look(): Promise<void> {
    if (this.busy || (this.old.size === 0 && !this.headIsDue)) return;
    const all = reading();
    const held = new Set([...this.old].filter((id) => all || touched(id)));
    const ready = [...this.old].filter((id) => !held.has(id));
    waiting.set(held.size);
    if (all || (ready.length === 0 && !this.headIsDue)) return;
    this.busy = true;
    for (const id of ready) this.old.delete(id);
    try {
      await this.bring(ready, held);
    } catch {
      // A widget may have left the page; what else is wrong, the page's own answer says.
      await this.client.refetchQueries({ queryKey: this.key, exact: true });
    } finally {
      this.busy = false;
    }
  }

  /** All of it, but what somebody reads stays as it is. */
  private async whole(held: ReadonlySet<string>): Promise<void> {
    this.headAt = Date.now();
    this.headIsOld = false;
    const fresh = await getPage(this.path, this.query);
    this.client.setQueryData<Page>(this.key, (page) =>
      patched(fresh, page ? widgetsOf(page).filter((each) => held.has(each.id)) : []),
    );
  }

  private async bring(ids: readonly string[], held: ReadonlySet<string>): Promise<void> {
    if (this.headIsDue || ids.length > MANY) await this.whole(held);
    else await refetchWidgets(this.client, this.path, this.query, ids);
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
