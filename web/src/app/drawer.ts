import type { Proof } from "~/api/pages";
import { store } from "~/shared/store";

/** The proof whose evidence is looked at. */
export const proved = store<{ readonly proof: Proof; readonly title: string } | undefined>(
  undefined,
);
