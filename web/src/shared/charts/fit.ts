import { cutMiddle } from "~/shared/Cut";

const FAMILY = "Inter, system-ui, sans-serif";
const LETTER = 0.6;

let pen: CanvasRenderingContext2D | null | undefined;
const widths = new Map<string, number>();
const KEPT = 5000;

/** How wide a text is drawn, in pixels; guessed where there is no canvas. */
export function widthOf(text: string, size: number, weight = 400): number {
  const key = `${size} ${weight} ${text}`;
  const seen = widths.get(key);
  if (seen !== undefined) return seen;
  pen ??=
    typeof document === "undefined" ? null : document.createElement("canvas").getContext("2d");
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
