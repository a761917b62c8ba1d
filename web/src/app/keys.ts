import { useEffect } from "react";
import type { NavItem } from "~/api/client";
import type { Action } from "~/api/pages";
import { helpOpen } from "~/app/Help";
import { paletteOpen, paletteText } from "~/app/Palette";
import { usePage } from "~/shared/page";

const TYPED = "input, textarea, select, [contenteditable=true]";
const BOX = '[role="dialog"], [role="menu"]';
const GO_MS = 1500;

const shown = (element: HTMLElement): boolean => element.getClientRects().length > 0;

/** Rows that `j` and `k` walk: whatever carries `data-row` and is on the screen. */
function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("main [data-row]")].filter(shown);
}

export function step(by: 1 | -1): void {
  const all = rows();
  const now = document.activeElement?.closest<HTMLElement>("[data-row]");
  const at = now ? all.indexOf(now) + by : by === 1 ? 0 : all.length - 1;
  const next = all[Math.min(Math.max(at, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView?.({ block: "nearest" });
}

type Act = (action: Action) => Promise<unknown>;

let offered: { readonly actions: readonly Action[]; readonly act: Act } | undefined;

/** Lets the keys of a page's actions work until the answer is called. */
export function offerKeys(actions: readonly Action[], act: Act): () => void {
  const mine = { actions, act };
  offered = mine;
  return () => {
    if (offered === mine) offered = undefined;
  };
}

/** Does what has the key: a button of the row in focus, a verb of the page, any button. */
export function press(key: string): boolean {
  const find = (within: ParentNode | null | undefined) => {
    const all = within?.querySelectorAll<HTMLElement>("[aria-keyshortcuts]") ?? [];
    return [...all].find((each) => each.getAttribute("aria-keyshortcuts") === key);
  };
  const own = find(document.activeElement?.closest("[data-row]"));
  const verb = own ? undefined : offered?.actions.find((action) => action.key === key);
  if (verb) {
    void offered?.act(verb);
    return true;
  }
  const button = own ?? find(document);
  button?.click();
  return button !== undefined;
}

interface Verbs {
  readonly go: (to: string) => void;
  readonly refresh: () => void;
}

class Keys {
  private going = 0;
  private readonly items: readonly NavItem[];
  private readonly verbs: Verbs;

  constructor(items: readonly NavItem[], verbs: Verbs) {
    this.items = items;
    this.verbs = verbs;
  }

  readonly down = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      paletteOpen.set((open) => !open);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement | null;
    if (target?.closest(TYPED)) return;
    if (paletteOpen.get() && event.key.length === 1) {
      event.preventDefault();
      paletteText.set((before) => before + event.key);
      return;
    }
    if (document.querySelector(BOX)) return;
    if (this.plain(event.key)) event.preventDefault();
  };

  private plain(key: string): boolean {
    if (Date.now() - this.going < GO_MS) {
      this.going = 0;
      const item = this.items.find((each) => each.key === key || each.key === `g ${key}`);
      if (item) this.verbs.go(item.path);
      return item !== undefined;
    }
    switch (key) {
      case "g":
        this.going = Date.now();
        return true;
      case "/":
        paletteOpen.set(true);
        return true;
      case "?":
        helpOpen.set(true);
        return true;
      case "r":
        this.verbs.refresh();
        return true;
      case "j":
      case "k":
        step(key === "j" ? 1 : -1);
        return true;
      default:
        return key.length === 1 && key !== " " && press(key);
    }
  }
}

/** The keys that work everywhere but where somebody types. */
export function useKeys(items: readonly NavItem[]): void {
  const { go, refresh } = usePage();
  useEffect(() => {
    const keys = new Keys(items, { go, refresh });
    window.addEventListener("keydown", keys.down);
    return () => window.removeEventListener("keydown", keys.down);
  }, [items, go, refresh]);
}
