import { Menu } from "@mantine/core";
import type { Action } from "~/api/pages";
import { ActionButton } from "~/shared/Actions";
import { Icon } from "~/shared/Icon";
import type { PageContext } from "~/shared/page";
import classes from "./Grid.module.css";

interface Props {
  readonly actions: readonly Action[];
  readonly id: string;
  readonly page: PageContext;
}

/** What can be done to one row: a button, or a menu where there is more than one. */
export function RowMenu({ actions, id, page }: Props) {
  const [only] = actions;
  if (!only) return null;
  if (actions.length === 1) return <ActionButton action={only} extra={{ id }} />;
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <button type="button" className={classes.more} aria-label={`Actions of ${id}`}>
          <Icon name="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action.id}
            color={action.danger ? "red" : undefined}
            disabled={action.disabled !== ""}
            title={action.disabled || undefined}
            rightSection={action.key ? <kbd>{action.key}</kbd> : undefined}
            onClick={() => void page.act(action, { id })}
          >
            {action.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
