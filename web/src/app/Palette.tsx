import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { type Found, find } from "~/api/client";
import { useNav } from "~/app/useNav";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import { store, useStore } from "~/shared/store";
import classes from "./Palette.module.css";

export const paletteOpen = store(false);

/** What is looked for; keys typed before the field has the focus are added to it. */
export const paletteText = store("");

/** Pages whose title holds the words, then what the server finds. */
function useFound(text: string): readonly Found[] {
  const [asked] = useDebouncedValue(text.trim(), 120);
  const nav = useNav();
  const { data = [] } = useQuery({
    queryKey: ["find", asked],
    queryFn: ({ signal }) => find(asked, signal),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  const words = text.trim().toLowerCase();
  const pages = nav
    .filter((item) => item.title.toLowerCase().includes(words))
    .map((item) => ({ title: item.title, says: "", to: item.path, kind: "page" }));
  if (!words) return pages;
  const known = new Set(pages.map((item) => item.to));
  return [...pages, ...data.filter((item) => !known.has(item.to))];
}

function Box() {
  const text = useStore(paletteText);
  const [at, setAt] = useState(0);
  const list = useId();
  const { go } = usePage();
  const found = useFound(text);
  const chosen = Math.min(at, found.length - 1);
  const follow = (item: Found | undefined) => {
    if (!item) return;
    paletteOpen.set(false);
    go(item.to || "overview");
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((chosen + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      follow(found[chosen]);
    }
  };
  useEffect(() => () => paletteText.set(""), []);
  useEffect(() => {
    document.getElementById(`${list}-${chosen}`)?.scrollIntoView?.({ block: "nearest" });
  }, [list, chosen]);
  return (
    <>
      <div className={classes.head}>
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded
          aria-label="Search pages, entities, incidents, changes, runs and runbooks"
          aria-controls={list}
          aria-activedescendant={found.length > 0 ? `${list}-${chosen}` : undefined}
          data-autofocus
          placeholder="Page, entity, incident, change, run, runbook…"
          value={text}
          onChange={(event) => {
            paletteText.set(event.target.value);
            setAt(0);
          }}
          onKeyDown={move}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={list} role="listbox" aria-label="Found" className={classes.list}>
        {found.map((item, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={`${item.kind} ${item.to}`}
            id={`${list}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            className={classes.item}
            onClick={() => follow(item)}
            onMouseMove={() => setAt(i)}
          >
            <span className={classes.kind}>{item.kind}</span>
            <span className={classes.title}>{item.title}</span>
            <span className={classes.says}>{item.says}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className={classes.none}>
          Nothing is called “{text.trim()}”. An id, a part of a name, or words of a title are found.
        </p>
      )}
    </>
  );
}

/** Goes anywhere: Ctrl-K or `/`. */
export function Palette() {
  const open = useStore(paletteOpen);
  return (
    <Modal.Root
      opened={open}
      onClose={() => paletteOpen.set(false)}
      centered={false}
      yOffset="12vh"
      size={620}
      padding={0}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Search and go to">{open && <Box />}</Modal.Content>
    </Modal.Root>
  );
}
