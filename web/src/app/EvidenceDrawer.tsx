import { Button, Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getEvidence } from "~/api/client";
import type { Health, Proof } from "~/api/pages";
import { proved } from "~/app/drawer";
import { Records } from "~/app/Records";
import { wordsOf } from "~/app/telling";
import { count } from "~/shared/format";
import { HealthMark } from "~/shared/HealthMark";
import { Problem } from "~/shared/Problem";
import { useStore } from "~/shared/store";
import classes from "./EvidenceDrawer.module.css";

const AT_ONCE = 5;

const marks: Readonly<Record<string, [Health, string]>> = {
  found: ["good", "found"],
  expired: ["unknown", "expired"],
  none: ["unknown", "not there"],
};

function One({ id }: { readonly id: string }) {
  const { data, error } = useQuery({
    queryKey: ["evidence", id],
    queryFn: () => getEvidence(id),
    staleTime: 60_000,
  });
  const [health, word] = (data && marks[data.status]) ?? ["neutral", data?.status ?? "looking…"];
  return (
    <li className={classes.one}>
      <div className={classes.head}>
        <code className={classes.id}>{id}</code>
        {!error && (
          <span className={classes.state} data-health={health}>
            <HealthMark health={health} label="" size={12} /> {word}
          </span>
        )}
      </div>
      {error && <Problem said={wordsOf(error)} />}
      {data && <p className={classes.says}>{data.says}</p>}
      {data && data.records.length > 0 && <Records records={data.records} />}
      {data?.truncated && <p className={classes.says}>There are more; the first are shown.</p>}
    </li>
  );
}

function Excluded({ excluded }: { readonly excluded: Readonly<Record<string, number>> }) {
  const reasons = Object.entries(excluded);
  if (reasons.length === 0) return null;
  return (
    <section>
      <h3 className={classes.title}>Left out</h3>
      <ul className={classes.excluded}>
        {reasons.map(([reason, n]) => (
          <li key={reason}>
            <b>{count(n)}</b> {reason}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Content({ proof }: { readonly proof: Proof }) {
  const [shown, setShown] = useState(AT_ONCE);
  const rest = proof.ids.length - shown;
  return (
    <div className={classes.content}>
      {proof.says && <p>{proof.says}</p>}
      {proof.n !== null && (
        <p>
          <b>{count(proof.n)}</b> {proof.n === 1 ? "record" : "records"} behind it
          {proof.ids.length < proof.n && proof.ids.length > 0
            ? `, ${count(proof.ids.length)} of them linked below`
            : ""}
          .
        </p>
      )}
      <Excluded excluded={proof.excluded} />
      <section>
        <h3 className={classes.title}>Evidence</h3>
        {proof.ids.length === 0 && <p className={classes.says}>No single record is linked.</p>}
        <ul className={classes.list}>
          {proof.ids.slice(0, shown).map((id) => (
            <One key={id} id={id} />
          ))}
        </ul>
        {rest > 0 && (
          <Button variant="default" size="compact-sm" onClick={() => setShown(shown + 20)}>
            Show {Math.min(rest, 20)} more of {rest}
          </Button>
        )}
      </section>
    </div>
  );
}

/** What a number came from: how it was made, what was left out, and the records themselves. */
export function EvidenceDrawer() {
  const of = useStore(proved);
  return (
    <Drawer
      opened={of !== undefined}
      onClose={() => proved.set(undefined)}
      position="right"
      size={560}
      title={of ? `Proof: ${of.title}` : ""}
    >
      {of && <Content key={of.title} proof={of.proof} />}
    </Drawer>
  );
}
