import { Popover } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import type { Action } from "~/api/pages";
import { ActionButton } from "~/shared/Actions";
import { Icon } from "~/shared/Icon";
import type { PageContext } from "~/shared/page";
import classes from "./RowMenu.module.css";

interface Props {
  readonly actions: readonly Action[];
  readonly id: string;
  readonly page: PageContext;
}

/** Arrow keys walk the items of a menu. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function Several({ actions, id, page }: Props) {
  const [open, setOpen] = useState(false);
  const choose = (action: Action) => {
    setOpen(false);
    void page.act(action, { id });
  };
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target popupType="menu">
        <button
          type="button"
          className={classes.more}
          aria-label={`Actions of ${id}`}
          onClick={() => setOpen((before) => !before)}
        >
          <Icon name="more" />
        </button>
      </Popover.Target>
      <Popover.Dropdown role="menu" aria-label={`Actions of ${id}`} p={4} onKeyDown={walk}>
        {actions.map((action) => (
          <button
            key={action.id}
            type="button"
            role="menuitem"
            className={classes.item}
            data-danger={action.danger || undefined}
            aria-disabled={action.disabled !== "" || undefined}
            title={action.disabled || undefined}
            onClick={() => choose(action)}
          >
            {action.title}
            {action.key && <kbd>{action.key}</kbd>}
          </button>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

/** What can be done to one row: a button, or a menu where there is more than one. */
export function RowMenu(props: Props) {
  const [only] = props.actions;
  if (!only) return null;
  if (props.actions.length > 1) return <Several {...props} />;
  return <ActionButton action={only} extra={{ id: props.id }} />;
}
