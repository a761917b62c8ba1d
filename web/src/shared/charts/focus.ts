/** Gives the focus to the element within `root` whose attribute has the value, whatever is in it. */
export function focusOn(root: Element | null, attribute: string, value: string): void {
  for (const element of root?.querySelectorAll<HTMLElement | SVGElement>(`[${attribute}]`) ?? []) {
    if (element.getAttribute(attribute) !== value) continue;
    element.focus();
    return;
  }
}
