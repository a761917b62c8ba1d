import type { Section } from "~/api/pages";
import { Frame } from "~/page/Frame";
import { Tabs } from "~/page/Tabs";
import classes from "./Sections.module.css";

/** Sections in the order of the page; those with a tab, side by side, become one row of tabs. */
export function grouped(sections: readonly Section[]): ReadonlyArray<readonly Section[]> {
  const groups: Section[][] = [];
  for (const section of sections) {
    const last = groups.at(-1);
    if (section.tab && last?.[0]?.tab) last.push(section);
    else groups.push([section]);
  }
  return groups;
}

/** A section of one widget of the same name is seen with that name once. */
const named = (section: Section): boolean =>
  section.title !== "" &&
  !(section.widgets.length === 1 && section.widgets[0]?.title === section.title);

export function Widgets({ section }: { readonly section: Section }) {
  return (
    <div className={classes.grid}>
      {section.widgets.map((widget) => (
        <Frame key={widget.id} widget={widget} />
      ))}
    </div>
  );
}

function Plain({ section, page }: { readonly section: Section; readonly page: string }) {
  if (section.folded) {
    return (
      <details className={classes.section} id={section.id}>
        <summary className={classes.title}>
          <h2>{section.title}</h2>
        </summary>
        <Widgets section={section} />
      </details>
    );
  }
  return (
    <section
      className={classes.section}
      id={section.id}
      aria-label={named(section) ? section.title : undefined}
    >
      <h2 className={named(section) ? classes.title : "sr"}>{section.title || page}</h2>
      <Widgets section={section} />
    </section>
  );
}

interface Props {
  readonly sections: readonly Section[];
  /** The page's title: the heading of what has none of its own. */
  readonly page: string;
}

export function Sections({ sections, page }: Props) {
  return grouped(sections).map((group) => {
    const [first] = group;
    if (!first) return null;
    if (first.tab) return <Tabs key={first.id} sections={group} />;
    return <Plain key={first.id} section={first} page={page} />;
  });
}
