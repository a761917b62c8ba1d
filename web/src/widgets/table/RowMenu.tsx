import type { Action } from "~/api/pages";
import { ActionMenu } from "~/shared/ActionMenu";
import { ActionButton } from "~/shared/Actions";
import { Icon } from "~/shared/Icon";
import classes from "./RowMenu.module.css";

interface Props {
  readonly actions: readonly Action[];
  readonly id: string;
}

/** What can be done to one row: a button, or a menu where there is more than one. */
export function RowMenu({ actions, id }: Props) {
  const [only] = actions;
  if (!only) return null;
  if (actions.length === 1) return <ActionButton action={only} extra={{ id }} />;
  return (
    <ActionMenu
      actions={actions}
      extra={{ id }}
      label={`Actions of ${id}`}
      className={classes.more}
    >
      <Icon name="more" />
    </ActionMenu>
  );
}
