import { store } from "~/shared/store";

export interface News {
  readonly topic: string;
  readonly ids: readonly string[];
  readonly at_ms: number;
}

export type Stream = "off" | "opening" | "live" | "lost";

/** How the stream of news stands; shown in the head of the console. */
export const stream = store<Stream>("off");

type Hear = (news: News) => void;

const hearers = new Set<Hear>();
const wanted = new Map<symbol, readonly string[]>();
let source: EventSource | undefined;
let open = "";
let retry: ReturnType<typeof setTimeout> | undefined;
let waits = 1000;

function topics(): string {
  return [...new Set([...wanted.values()].flat())].sort().join(",");
}

function close() {
  clearTimeout(retry);
  source?.close();
  source = undefined;
  open = "";
}

function connect(asked: string) {
  close();
  if (!asked || typeof EventSource === "undefined") {
    stream.set("off");
    return;
  }
  open = asked;
  stream.set(stream.get() === "lost" ? "lost" : "opening");
  source = new EventSource(`/api/v1/live?topics=${encodeURIComponent(asked)}`);
  source.onopen = () => {
    waits = 1000;
    stream.set("live");
  };
  source.addEventListener("news", (event) => {
    const news = JSON.parse((event as MessageEvent<string>).data) as News;
    for (const hear of hearers) hear(news);
  });
  source.onerror = () => {
    stream.set("lost");
    // The browser tries again by itself unless it gave up.
    if (source?.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(() => connect(topics()), waits);
    waits = Math.min(waits * 2, 30_000);
  };
}

let settle: ReturnType<typeof setTimeout> | undefined;
const SETTLE_MS = 50;
const HIDDEN_MS = 5000;

/** One stream for the whole console: it is opened anew only when the topics differ. */
function adjust(after = SETTLE_MS) {
  clearTimeout(settle);
  settle = setTimeout(() => {
    const asked = document.hidden ? "" : topics();
    if (asked !== open) connect(asked);
  }, after);
}

// A browser has few connections to one server for all its tabs: who sees nothing holds none.
// What became old meanwhile is asked for anew when the window is looked at again (client.ts).
document.addEventListener("visibilitychange", () => adjust(document.hidden ? HIDDEN_MS : 0));

/** Hears the news of some topics until the answer is called. */
export function subscribe(names: readonly string[], hear: Hear): () => void {
  const key = Symbol("topics");
  const of = new Set(names);
  const mine: Hear = (news) => {
    if (of.has(news.topic)) hear(news);
  };
  hearers.add(mine);
  wanted.set(key, names);
  adjust();
  return () => {
    hearers.delete(mine);
    wanted.delete(key);
    adjust();
  };
}
