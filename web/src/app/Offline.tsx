import { useEffect } from "react";
import { client, reachable } from "~/app/client";
import { useStore } from "~/shared/store";
import classes from "./Offline.module.css";

const RETRY_MS = 5000;
const retry = () => void client.refetchQueries({ type: "active" });

/** Says that the server does not answer, and that what is shown is old. */
export function Offline() {
  const there = useStore(reachable);
  useEffect(() => {
    if (there) return;
    const beat = setInterval(retry, RETRY_MS);
    return () => clearInterval(beat);
  }, [there]);
  if (there) return null;
  return (
    <div role="alert" className={classes.banner}>
      The server does not answer. What you see is as it was; it is tried again by itself.
      <button type="button" onClick={retry}>
        Try now
      </button>
    </div>
  );
}
