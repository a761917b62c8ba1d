import { waiting } from "~/app/held";
import { stream } from "~/app/stream";
import { usePage } from "~/shared/page";
import { useStore } from "~/shared/store";
import classes from "./Live.module.css";

const words = {
  off: "",
  opening: "connecting",
  live: "live",
  lost: "not live",
} as const;

const titles = {
  off: "",
  opening: "The stream of news is being opened.",
  live: "News arrive by themselves; what you read waits until you move on.",
  lost: "The stream of news broke; it is opened again by itself. Press r to look now.",
} as const;

/** How new the page is: live, cut off, or waiting for its reader. */
export function Live() {
  const state = useStore(stream);
  const held = useStore(waiting);
  const { refresh } = usePage();
  if (held > 0) {
    return (
      <button type="button" className={classes.held} onClick={() => refresh()}>
        {held === 1 ? "1 update" : `${held} updates`}, press <kbd>r</kbd>
      </button>
    );
  }
  if (state === "off") return null;
  return (
    <span className={classes.live} data-state={state} title={titles[state]} role="status">
      <span className={classes.dot} aria-hidden />
      {words[state]}
    </span>
  );
}
