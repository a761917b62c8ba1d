import { useMediaQuery } from "@mantine/hooks";
import { useEffect } from "react";
import type { Action } from "~/api/pages";
import { offerKeys } from "~/app/keys";
import { ActionMenu } from "~/shared/ActionMenu";
import { ActionButton } from "~/shared/Actions";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import classes from "./PageActions.module.css";

const ON_DESK = 4;
const ON_PHONE = 2;

/** What can be done here: the first verbs as buttons, the others behind one. */
export function PageActions({ actions }: { readonly actions: readonly Action[] }) {
  const phone = useMediaQuery("(max-width: 800px)", undefined, { getInitialValueInEffect: false });
  const { act } = usePage();
  const room = phone ? ON_PHONE : ON_DESK;
  const shown = actions.length <= room + 1 ? actions : actions.slice(0, room);
  const rest = actions.slice(shown.length);
  // Keys work for what is behind the menu, too.
  useEffect(() => offerKeys(actions, act), [actions, act]);
  if (actions.length === 0) return null;
  return (
    <div className={classes.actions}>
      {shown.map((action, i) => (
        <ActionButton key={action.id} action={action} primary={i === 0 && !action.danger} />
      ))}
      {rest.length > 0 && (
        <ActionMenu actions={rest} label="More actions" className={classes.more}>
          More <Icon name="down" size={10} />
        </ActionMenu>
      )}
    </div>
  );
}
