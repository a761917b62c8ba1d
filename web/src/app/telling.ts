import { ApiError } from "~/api/client";
import { signedOut } from "~/app/client";
import { store } from "~/shared/store";

export interface Notice {
  readonly id: number;
  readonly bad: boolean;
  readonly says: string;
  readonly action: string;
}

export const notices = store<readonly Notice[]>([]);

let next = 1;
const GONE_MS = 5000;

export function dismiss(id: number): void {
  notices.set((all) => all.filter((notice) => notice.id !== id));
}

/** What went well is said for some seconds; what failed stays until it is read. */
export function tell(says: string, bad = false, action = ""): void {
  const notice = { id: next, bad, says, action };
  next += 1;
  notices.set((all) => [...all.slice(-3), notice]);
  if (!bad) setTimeout(() => dismiss(notice.id), GONE_MS);
}

export interface Said {
  readonly says: string;
  readonly action: string;
  readonly field: string;
  readonly status: number;
}

/** An error in words, whatever was thrown. */
export function wordsOf(error: unknown): Said {
  if (error instanceof ApiError) {
    const { message: says, action, field, status } = error;
    if (status === 401) signedOut.set(true);
    return { says, action, field, status };
  }
  const says = error instanceof Error ? error.message : String(error);
  return { says, action: "press r to load the page again", field: "", status: -1 };
}
