import { UnstyledButton } from "@mantine/core";
import type { NavItem } from "~/api/client";
import { iconOf, nameOf } from "~/app/Nav";
import { currentOf } from "~/app/useNav";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import { To } from "~/shared/To";
import classes from "./BottomBar.module.css";

interface Props {
  readonly items: readonly NavItem[];
  readonly onMenu: () => void;
}

/** On a phone, under the thumb: the first pages, and the rest behind "More". */
export function BottomBar({ items, onMenu }: Props) {
  const { path } = usePage();
  const current = currentOf(items, path);
  return (
    <nav className={classes.bar} aria-label="Main pages">
      {items.slice(0, 4).map((item) => (
        <To
          key={item.path}
          to={item.path}
          className={classes.item}
          aria-label={nameOf(item)}
          aria-current={item === current ? "page" : undefined}
        >
          <span className={classes.icon}>
            <Icon name={iconOf(item.path)} size={20} />
            {item.count ? (
              <span className={classes.count} data-health={item.health}>
                {item.count}
              </span>
            ) : null}
          </span>
          {item.title}
        </To>
      ))}
      <UnstyledButton className={classes.item} onClick={onMenu} aria-haspopup="dialog">
        <Icon name="menu" size={20} />
        More
      </UnstyledButton>
    </nav>
  );
}
