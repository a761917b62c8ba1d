import { store } from "~/shared/store";

/** How many widgets have news that wait until nobody is reading. */
export const waiting = store(0);

const OPEN = '[role="dialog"], [role="menu"], [role="listbox"], dialog[open]';

/** Somebody has a menu or a dialog open, text selected, or looks elsewhere. */
export function reading(): boolean {
  if (document.hidden) return true;
  if (document.querySelector(OPEN)) return true;
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed;
}

/** The pointer is over the widget, or somebody types in it. */
export function touched(id: string): boolean {
  const all = [...document.querySelectorAll<HTMLElement>("[data-widget]")];
  const element = all.find((each) => each.dataset.widget === id);
  if (!element) return false;
  if (element.matches(":hover")) return true;
  const active = document.activeElement;
  return (
    active instanceof HTMLElement &&
    element.contains(active) &&
    active.matches("input, textarea, select, [contenteditable]")
  );
}
