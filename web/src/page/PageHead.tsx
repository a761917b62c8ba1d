import type { Control, Crumb, Fact, Page } from "~/api/pages";
import { PageActions } from "~/page/PageActions";
import { Cut } from "~/shared/Cut";
import { FreeText } from "~/shared/FreeText";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import { Running, Time } from "~/shared/Time";
import { To } from "~/shared/To";

import classes from "./PageHead.module.css";

function Crumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  if (crumbs.length === 0) return null;
  return (
    <nav aria-label="Way back" className={classes.crumbs}>
      {crumbs.map((crumb) => (
        <span key={crumb.to}>
          <To to={crumb.to || "overview"}>{crumb.title}</To>
          <Icon name="right" size={10} />
        </span>
      ))}
    </nav>
  );
}

function FactValue({ fact }: { readonly fact: Fact }) {
  return (
    <To to={fact.to} className={classes.value}>
      {fact.health !== "neutral" && <HealthMark health={fact.health} size={12} />}
      {fact.text && <Cut text={fact.text} tail={16} />}
      {fact.at_ms !== null && <Time ms={fact.at_ms} />}
      {fact.since_ms !== null && <Running sinceMs={fact.since_ms} />}
    </To>
  );
}

function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {facts.map((fact) => (
        <div key={fact.title} data-health={fact.health}>
          <dt>{fact.title}</dt>
          <dd>
            <FactValue fact={fact} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Choice({ control }: { readonly control: Control }) {
  const { setQuery } = usePage();
  const set = (value: string) => setQuery({ [control.param]: value || undefined });
  return (
    <div className={classes.control}>
      <span>{control.title}</span>
      {control.options.length > 0 ? (
        <select
          aria-label={control.title}
          value={control.value}
          onChange={(event) => set(event.target.value)}
        >
          {control.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.title}
            </option>
          ))}
        </select>
      ) : (
        <FreeText label={control.title} value={control.value} onSaid={set} />
      )}
    </div>
  );
}

/** The head of a page: the way back, its name and health, what is known, what can be chosen, done. */
export function PageHead({ page }: { readonly page: Page }) {
  const word = page.health_text || healthWord[page.health];
  return (
    <header className={classes.head} data-page-head>
      <Crumbs crumbs={page.crumbs} />
      <div className={classes.row}>
        <h1 tabIndex={-1}>{page.title}</h1>
        {word && (
          <span className={classes.health} data-health={page.health}>
            <HealthMark health={page.health} label="" /> {word}
          </span>
        )}
        <PageActions actions={page.actions} />
      </div>
      {page.lead && <p className={classes.lead}>{page.lead}</p>}
      <Facts facts={page.facts} />
      {page.controls.length > 0 && (
        <div className={classes.controls}>
          {page.controls.map((control) => (
            <Choice key={control.param} control={control} />
          ))}
        </div>
      )}
    </header>
  );
}
