import { Popover } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import type { Action } from "~/api/pages";
import { usePage } from "~/shared/page";
import classes from "./ActionMenu.module.css";

interface Props {
  readonly actions: readonly Action[];
  readonly extra?: Readonly<Record<string, unknown>>;
  /** What the button and the menu are called when they are read out. */
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
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

/** Several verbs behind one button. */
export function ActionMenu({ actions, extra, label, children, className }: Props) {
  const page = usePage();
  const [open, setOpen] = useState(false);
  const choose = (action: Action) => {
    setOpen(false);
    void page.act(action, extra);
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
          className={className}
          aria-label={label}
          onClick={() => setOpen((before) => !before)}
        >
          {children}
        </button>
      </Popover.Target>
      <Popover.Dropdown role="menu" aria-label={label} p={4} onKeyDown={walk}>
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
