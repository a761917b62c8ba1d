import { Popover } from "@mantine/core";
import { useState } from "react";
import type { Facet } from "~/api/pages";
import { count } from "~/shared/format";
import { Icon } from "~/shared/Icon";
import classes from "./FacetBox.module.css";

interface Props {
  readonly facet: Facet;
  readonly onChosen: (values: readonly string[]) => void;
}

/** One filter: its values with how many rows each has. */
export function FacetBox({ facet, onChosen }: Props) {
  const [open, setOpen] = useState(false);
  const chosen = facet.values.filter((value) => value.chosen).map((value) => value.value);
  const toggle = (value: string) =>
    onChosen(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={classes.button}
          data-on={chosen.length > 0 || undefined}
          onClick={() => setOpen((before) => !before)}
        >
          {facet.title}
          {chosen.length > 0 && <b>{chosen.length}</b>}
          <Icon name="down" size={10} />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={facet.title} p={6}>
        <div className={classes.list}>
          {facet.values.map((value) => (
            <label key={value.value} className={classes.value}>
              <input type="checkbox" checked={value.chosen} onChange={() => toggle(value.value)} />
              <span className={classes.title}>{value.title}</span>
              <span className={classes.n}>{count(value.n)}</span>
            </label>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
