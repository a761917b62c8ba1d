import { CloseButton } from "@mantine/core";
import { dismiss, notices } from "~/app/telling";
import { HealthMark } from "~/shared/HealthMark";
import { useStore } from "~/shared/store";
import classes from "./Notices.module.css";

/** What was done and what failed, at the edge; read out as it comes. */
export function Notices() {
  const all = useStore(notices);
  return (
    <section className={classes.notices} aria-label="Notices" aria-live="polite">
      {all.map((notice) => (
        <div
          key={notice.id}
          className={classes.notice}
          role={notice.bad ? "alert" : "status"}
          data-health={notice.bad ? "bad" : "good"}
        >
          <HealthMark health={notice.bad ? "bad" : "good"} label="" />
          <div className={classes.says}>
            {notice.says}
            {notice.action && <div className={classes.action}>To do: {notice.action}</div>}
          </div>
          <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(notice.id)} />
        </div>
      ))}
    </section>
  );
}
