import { cutMiddle } from "~/shared/Cut";

const FAMILY = "Inter, system-ui, sans-serif";
const LETTER = 0.6;

/** None where there is no canvas, as in tests. */
const pen =
  typeof OffscreenCanvas === "undefined" ? null : new OffscreenCanvas(1, 1).getContext("2d");
const widths = new Map<string, number>();
const KEPT = 5000;

/** How wide a text is drawn, in pixels; guessed where there is no canvas. */
export function widthOf(text: string, size: number, weight = 400): number {
  const key = `${size} ${weight} ${text}`;
  const seen = widths.get(key);
  if (seen !== undefined) return seen;
  if (widths.size > KEPT) widths.clear();
  let width = text.length * size * LETTER;
  if (pen) {
    pen.font = `${weight} ${size}px ${bodyFamily()}`;
    width = pen.measureText(text).width;
  }
  widths.set(key, width);
  return width;
}

let family = "";
function bodyFamily(): string {
  family ||= getComputedStyle(document.body).fontFamily || FAMILY;
  return family;
}

/** A text cut in its middle so that it has room; empty where not even four letters have. */
export function fit(text: string, room: number, size: number, weight = 400): string {
  if (widthOf(text, size, weight) <= room) return text;
  let [low, high] = [0, text.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthOf(cutMiddle(text, middle), size, weight) <= room) low = middle;
    else high = middle - 1;
  }
  return low < 4 ? "" : cutMiddle(text, low);
}
