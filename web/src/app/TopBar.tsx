import { useIsFetching } from "@tanstack/react-query";
import { Live } from "~/app/Live";
import { paletteOpen } from "~/app/Palette";
import { ScopeBox } from "~/app/ScopeBox";
import { TimeRange } from "~/app/TimeRange";
import { Icon } from "~/shared/Icon";
import classes from "./TopBar.module.css";

export function TopBar() {
  const fetching = useIsFetching({ queryKey: ["page"] }) > 0;
  return (
    <header className={classes.bar}>
      <button
        type="button"
        className={classes.search}
        aria-label="Search and go to"
        aria-keyshortcuts="Control+K /"
        onClick={() => paletteOpen.set(true)}
      >
        <Icon name="search" size={14} />
        <span className={classes.hint}>Search or go to…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <ScopeBox />
      <div className={classes.right}>
        <Live />
        <TimeRange />
      </div>
      <div className={classes.progress} data-on={fetching || undefined} aria-hidden />
    </header>
  );
}
