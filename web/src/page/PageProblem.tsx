import { Button } from "@mantine/core";
import { useEffect } from "react";
import { wordsOf } from "~/app/telling";
import { HealthMark } from "~/shared/HealthMark";
import { usePage } from "~/shared/page";
import { To } from "~/shared/To";
import classes from "./PageProblem.module.css";

interface Props {
  readonly error: unknown;
  readonly onRetry: () => void;
}

function titleOf(status: number): string {
  if (status === 403) return "You may not see this page";
  if (status === 404) return "There is no such page";
  if (status === 0) return "The server does not answer";
  return "The page cannot be shown";
}

/** A page that is not there: why, what to do, and ways on. */
export function PageProblem({ error, onRetry }: Props) {
  const { path } = usePage();
  const { says, action, status } = wordsOf(error);
  const title = titleOf(status);
  useEffect(() => {
    document.title = `${title} · Opsweave`;
  }, [title]);
  return (
    <div className={classes.page}>
      <HealthMark
        health={status === 403 || status === 404 ? "unknown" : "bad"}
        size={28}
        label=""
      />
      <h1 tabIndex={-1}>{title}</h1>
      <p className={classes.says}>{says}</p>
      {action && <p className={classes.action}>To do: {action}</p>}
      <code className={classes.path}>/{path}</code>
      <div className={classes.ways}>
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
        <To to="overview">Overview</To>
      </div>
    </div>
  );
}
