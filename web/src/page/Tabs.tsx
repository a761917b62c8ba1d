import { type KeyboardEvent, useRef } from "react";
import type { Health, Section } from "~/api/pages";
import { Widgets } from "~/page/Sections";
import { HealthMark } from "~/shared/HealthMark";
import { usePage } from "~/shared/page";
import classes from "./Tabs.module.css";

/** The worst that a stat of the section says, shown on its tab. */
function worst(section: Section): Health | undefined {
  const healths = section.widgets.map((widget) => ("health" in widget ? widget.health : "neutral"));
  return (["bad", "warning"] as const).find((health) => healths.includes(health));
}

/** Sections of which one is seen at a time; which one stands in the URL. */
export function Tabs({ sections }: { readonly sections: readonly Section[] }) {
  const { query, setQuery } = usePage();
  const list = useRef<HTMLDivElement>(null);
  const at = Math.max(
    sections.findIndex((section) => section.id === query.tab),
    0,
  );
  const chosen = sections[at];
  const choose = (i: number) => setQuery({ tab: i === 0 ? undefined : sections[i]?.id });
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (at + step + sections.length) % sections.length;
    choose(next);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div className={classes.tabs}>
      <div ref={list} role="tablist" className={classes.list} onKeyDown={move}>
        {sections.map((section, i) => {
          const health = worst(section);
          return (
            <button
              key={section.id}
              type="button"
              role="tab"
              id={`tab-${section.id}`}
              aria-selected={i === at}
              aria-controls={i === at ? `panel-${section.id}` : undefined}
              tabIndex={i === at ? 0 : -1}
              className={classes.tab}
              onClick={() => choose(i)}
            >
              {section.title}
              {health && <HealthMark health={health} size={11} />}
            </button>
          );
        })}
      </div>
      {chosen && (
        <div
          key={chosen.id}
          role="tabpanel"
          id={`panel-${chosen.id}`}
          aria-labelledby={`tab-${chosen.id}`}
        >
          <h2 className="sr">{chosen.title}</h2>
          <Widgets section={chosen} />
        </div>
      )}
    </div>
  );
}
