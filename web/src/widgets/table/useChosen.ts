import { useState } from "react";
import type { Row } from "~/api/pages";

export interface Chosen {
  readonly ids: ReadonlySet<string>;
  /** Whether every row that is shown is chosen. */
  readonly all: boolean;
  toggle(id: string): void;
  toggleAll(): void;
  clear(): void;
}

const NONE: ReadonlySet<string> = new Set();

/** The rows that are chosen; they stay so while pages are turned. */
export function useChosen(rows: readonly Row[]): Chosen {
  const [ids, setIds] = useState(NONE);
  const all = rows.length > 0 && rows.every((row) => ids.has(row.id));
  return {
    ids,
    all,
    toggle: (id) =>
      setIds((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    toggleAll: () => setIds(all ? NONE : new Set([...ids, ...rows.map((row) => row.id)])),
    clear: () => setIds(NONE),
  };
}
