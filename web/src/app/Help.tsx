import { Modal } from "@mantine/core";
import { Fragment } from "react";
import type { NavItem } from "~/api/client";
import { store, useStore } from "~/shared/store";
import classes from "./Help.module.css";

export const helpOpen = store(false);

const KEYS: ReadonlyArray<[string, string]> = [
  ["Ctrl K", "search and go anywhere"],
  ["/", "the same"],
  ["j", "next row"],
  ["k", "row before"],
  ["Enter", "open the row"],
  ["x", "choose the row"],
  ["r", "look again, and bring what waits"],
  ["Esc", "close what is open"],
  ["?", "this sheet"],
];

function Keys({ keys }: { readonly keys: ReadonlyArray<readonly [string, string]> }) {
  return (
    <dl className={classes.keys}>
      {keys.map(([key, says]) => (
        <Fragment key={key}>
          <dt>
            {key.split(" ").map((part) => (
              <kbd key={part}>{part}</kbd>
            ))}
          </dt>
          <dd>{says}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** The sheet of keys: `?`. */
export function Help({ items }: { readonly items: readonly NavItem[] }) {
  const open = useStore(helpOpen);
  const pages = items
    .filter((item) => item.key)
    .map((item) => [`g ${item.key.replace(/^g /, "")}`, item.title] as const);
  return (
    <Modal opened={open} onClose={() => helpOpen.set(false)} title="Keys" size={560}>
      <div className={classes.columns}>
        <Keys keys={KEYS} />
        <Keys keys={pages} />
      </div>
      <p className={classes.more}>
        A button that has a key of its own shows it on hover; it works for the row that has the
        focus, or else for the page.
      </p>
    </Modal>
  );
}
