import { useSyncExternalStore } from "react";
import { duration } from "~/shared/format";
import { time, utc } from "~/shared/time";

/** A moment in the viewer's zone, in UTC on hover. */
export function Time({ ms }: { readonly ms: number }) {
  return (
    <time dateTime={new Date(ms).toISOString()} title={utc(ms)}>
      {time(ms)}
    </time>
  );
}

const listeners = new Set<() => void>();
let second = Math.floor(Date.now() / 1000);
let beat: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  beat ??= setInterval(() => {
    second = Math.floor(Date.now() / 1000);
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(beat);
    beat = undefined;
  };
}

/** The time now in seconds; one clock for the whole console. */
export const useSecond = (): number =>
  useSyncExternalStore(
    listen,
    () => second,
    () => second,
  );

/** How long it has been since; it runs. */
export function Running({ sinceMs }: { readonly sinceMs: number }) {
  const passed = Math.max(useSecond() - Math.floor(sinceMs / 1000), 0);
  return (
    <time dateTime={`PT${passed}S`} title={`since ${utc(sinceMs)}`}>
      {passed === 0 ? "now" : duration(passed)}
    </time>
  );
}
