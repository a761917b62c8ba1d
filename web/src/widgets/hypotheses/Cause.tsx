import { useId, useState } from "react";
import type { Hypothesis, Part, Proof } from "~/api/pages";
import { ActionButton } from "~/shared/Actions";
import { Cut } from "~/shared/Cut";
import { count, number } from "~/shared/format";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import { Spark } from "~/shared/Spark";
import { Time } from "~/shared/Time";
import { To } from "~/shared/To";
import classes from "./Hypotheses.module.css";

const LIKELY = 0.6;
const POSSIBLE = 0.3;

/** A score in a word: what a reader at night takes from it. */
export function wordOf(score: number): string {
  if (score >= LIKELY) return "likely";
  return score >= POSSIBLE ? "possible" : "unlikely";
}

function Score({ score }: { readonly score: number }) {
  const share = Math.min(Math.max(score, 0), 1);
  return (
    <span className={classes.score} title="Score, from 0 to 1">
      <meter min={0} max={1} value={share} className="sr">
        {score}
      </meter>
      <span className={classes.track} aria-hidden>
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <b>{score.toFixed(2)}</b> {wordOf(score)}
    </span>
  );
}

/** "+0.95", "−0.1": two digits are what a reader can use. */
export function signedOf(value: number): string {
  const said = number(Math.abs(Math.abs(value) < 10 ? Number(value.toFixed(2)) : value));
  if (said === "0") return said;
  return `${value > 0 ? "+" : "−"}${said}`;
}

/** What a score is made of: to the right for it, to the left against it. */
function Parts({ parts }: { readonly parts: readonly Part[] }) {
  const most = Math.max(1, ...parts.map((part) => Math.abs(part.value)));
  const signed = parts.some((part) => part.value < 0);
  return (
    <dl className={classes.parts} data-signed={signed || undefined}>
      {parts.map((part) => {
        const wide = (Math.abs(part.value) / most) * (signed ? 50 : 100);
        const left = signed ? (part.value < 0 ? 50 - wide : 50) : 0;
        return (
          <div key={part.name} data-against={part.value < 0 || undefined}>
            <dt>{part.name}</dt>
            <dd>
              <span className={classes.part} aria-hidden>
                <i style={{ left: `${left}%`, width: `${wide}%` }} />
              </span>
              <b>{signedOf(part.value)}</b>
              <span>{part.says}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

export function Evidence({
  of,
  proofs,
}: {
  readonly of: string;
  readonly proofs: readonly Proof[];
}) {
  const page = usePage();
  if (proofs.length === 0) return null;
  return (
    <div className={classes.block}>
      <h4>Evidence</h4>
      <ul>
        {proofs.map((proof) => (
          <li key={proof.says + proof.ids.join()}>
            <button type="button" className={classes.proof} onClick={() => page.prove(proof, of)}>
              {proof.says || "what it came from"}{" "}
              {proof.n !== null && <small>n = {count(proof.n)}</small>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Facts({ cause }: { readonly cause: Hypothesis }) {
  return (
    <p className={classes.facts}>
      <To to={cause.entity_to} className={classes.entity}>
        <Icon name="entities" size={12} />
        <Cut text={cause.entity} tail={20} />
      </To>
      {cause.kind && <span className={classes.kind}>{cause.kind}</span>}
      {cause.change && (
        <span>
          changed by <To to={cause.change_to}>{cause.change}</To>
        </span>
      )}
      {cause.onset_ms !== null && (
        <span>
          since <Time ms={cause.onset_ms} />
        </span>
      )}
    </p>
  );
}

interface Props {
  readonly cause: Hypothesis;
  readonly opened: boolean;
}

/** One ranked cause; its parts, evidence and what would prove it wrong are one click away. */
export function Cause({ cause, opened }: Props) {
  const [open, setOpen] = useState(opened);
  const id = useId();
  return (
    <li className={classes.cause} data-row data-first={cause.rank === 1 || undefined} tabIndex={-1}>
      <div className={classes.top}>
        <span className={classes.rank} aria-hidden>
          {cause.rank}
        </span>
        <div className={classes.head}>
          <button
            type="button"
            className={classes.says}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            <span className="sr">Cause {cause.rank}: </span>
            {cause.says}
            <span className={classes.turn} data-open={open || undefined}>
              <Icon name="down" size={12} />
            </span>
          </button>
          <Facts cause={cause} />
        </div>
        <div className={classes.side}>
          <Score score={cause.score} />
          <Spark
            values={cause.spark}
            low={cause.spark_low}
            high={cause.spark_high}
            width={168}
            height={36}
            label={cause.spark_says || undefined}
          />
          {cause.spark_says && <small>{cause.spark_says}</small>}
        </div>
      </div>
      <div id={id} hidden={!open} className={classes.more}>
        {cause.parts.length > 0 && (
          <div className={classes.block}>
            <h4>Why this score</h4>
            <Parts parts={cause.parts} />
          </div>
        )}
        <Evidence of={cause.says} proofs={cause.evidence} />
        {cause.falsified_by.length > 0 && (
          <div className={classes.block}>
            <h4>It would be wrong if</h4>
            <ul>
              {cause.falsified_by.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
      {cause.actions.length > 0 && (
        <div className={classes.actions}>
          {cause.actions.map((action) => (
            <ActionButton key={action.id} action={action} />
          ))}
        </div>
      )}
    </li>
  );
}
