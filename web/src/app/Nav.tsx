import type { NavItem } from "~/api/client";
import { currentOf } from "~/app/useNav";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { Icon, isIcon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import { To } from "~/shared/To";
import classes from "./Nav.module.css";

export function iconOf(path: string) {
  return path.split("/").reverse().find(isIcon) ?? "page";
}

function Count({ item }: { readonly item: NavItem }) {
  const trouble = item.health === "bad" || item.health === "warning";
  return (
    <span className={classes.count} data-health={item.health}>
      {trouble && item.health && <HealthMark health={item.health} label="" size={11} />}
      {item.count ?? ""}
    </span>
  );
}

/** What a link of the navigation is called when it is read out. */
export function nameOf(item: NavItem): string {
  const parts = [item.title];
  if (item.count) parts.push(String(item.count));
  if (item.health && healthWord[item.health]) parts.push(healthWord[item.health]);
  return parts.join(", ");
}

interface Props {
  readonly items: readonly NavItem[];
  readonly onChosen?: () => void;
}

export function Nav({ items, onChosen }: Props) {
  const { path } = usePage();
  const current = currentOf(items, path);
  const groups = [...new Set(items.map((item) => item.group))];
  return (
    <nav aria-label="Pages" className={classes.nav}>
      {groups.map((group) => (
        <div key={group} className={classes.group}>
          {group && <h2 className={classes.title}>{group}</h2>}
          <ul>
            {items
              .filter((item) => item.group === group)
              .map((item) => (
                <li key={item.path}>
                  <To
                    to={item.path}
                    className={classes.link}
                    aria-label={nameOf(item)}
                    aria-current={item === current ? "page" : undefined}
                    title={item.key ? `g ${item.key}` : undefined}
                    onClick={onChosen}
                  >
                    <Icon name={iconOf(item.path)} />
                    <span className={classes.name}>{item.title}</span>
                    <Count item={item} />
                  </To>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
