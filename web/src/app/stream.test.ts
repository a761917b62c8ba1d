import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stream, subscribe } from "~/app/stream";

class FakeStream {
  static readonly CLOSED = 2;
  static made: FakeStream[] = [];
  closed = false;
  onopen?: () => void;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    FakeStream.made.push(this);
  }

  addEventListener() {}

  close() {
    this.closed = true;
  }
}

function look(hidden: boolean) {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeStream);
  FakeStream.made = [];
});

afterEach(() => {
  stop();
  vi.advanceTimersByTime(100);
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a tab that nobody sees holds no connection, and listens again when it is seen", () => {
  stop = subscribe(["incidents"], () => {});
  vi.advanceTimersByTime(100);
  expect(FakeStream.made.map((each) => each.closed)).toEqual([false]);
  look(true);
  vi.advanceTimersByTime(1000);
  expect(FakeStream.made[0]?.closed, "looking away for a moment changes nothing").toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(FakeStream.made[0]?.closed).toBe(true);
  expect(stream.get()).toBe("off");
  look(false);
  vi.advanceTimersByTime(1);
  expect(FakeStream.made.map((each) => each.closed)).toEqual([true, false]);
  expect(FakeStream.made[1]?.url).toBe("/api/v1/live?topics=incidents");
});

test("a tab opened behind another listens once it is seen", () => {
  look(true);
  stop = subscribe(["runs"], () => {});
  vi.advanceTimersByTime(20_000);
  expect(FakeStream.made).toHaveLength(0);
  look(false);
  vi.advanceTimersByTime(1);
  expect(FakeStream.made).toHaveLength(1);
});
