import type { Action } from "~/api/pages";
import { store } from "~/shared/store";

/** A question before a deed: `run` is called with what the user wrote, and may throw. */
export interface Question {
  readonly action: Action;
  readonly run: (said: string) => Promise<unknown>;
  readonly done: (answer: unknown) => void;
}

export const question = store<Question | undefined>(undefined);

/** Asks, then does; resolves with the answer, or with nothing where the user went back. */
export function ask(action: Action, run: Question["run"]): Promise<unknown> {
  return new Promise((done) => question.set({ action, run, done }));
}
