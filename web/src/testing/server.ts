import { vi } from "vitest";

type Answer = unknown | ((url: URL, init: RequestInit | undefined) => unknown);

/** An answer that is refused. */
export class Refusal {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, error: string, action = "") {
    this.status = status;
    this.body = { error, field: "", action };
  }
}

/** Stands for the server: answers by "GET pages/overview"; everything that was asked is kept. */
export function serve(answers: Record<string, Answer>) {
  const asked: string[] = [];
  const fetch = vi.fn((input: string, init?: RequestInit) => {
    const url = new URL(input, "http://opsweave.test");
    const call = `${init?.method ?? "GET"} ${decodeURIComponent(url.pathname).replace("/api/v1/", "")}`;
    asked.push(call + url.search);
    const found = answers[call] ?? new Refusal(404, `no ${call}`, "see the list of pages");
    const said = typeof found === "function" ? found(url, init) : found;
    const [status, body] = said instanceof Refusal ? [said.status, said.body] : [200, said];
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  vi.stubGlobal("fetch", fetch);
  return { asked, fetch };
}

/** Stands for the stream of news. */
export class FakeStream {
  static readonly all: FakeStream[] = [];
  static readonly CLOSED = 2;
  readonly url: string;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private hear: ((event: { data: string }) => void) | undefined;

  constructor(url: string) {
    this.url = url;
    FakeStream.all.push(this);
  }

  addEventListener(_: string, hear: (event: { data: string }) => void) {
    this.hear = hear;
  }

  close() {
    this.readyState = FakeStream.CLOSED;
  }

  news(topic: string) {
    this.hear?.({ data: JSON.stringify({ topic, ids: [], at_ms: 0 }) });
  }

  static get last(): FakeStream | undefined {
    return FakeStream.all.filter((each) => each.readyState !== FakeStream.CLOSED).at(-1);
  }
}
