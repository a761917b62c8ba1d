import type { Health } from "~/api/pages";
import classes from "./HealthMark.module.css";

/** The word of a health, for those who cannot see its colour or shape. */
export const healthWord: Record<Health, string> = {
  good: "healthy",
  warning: "warning",
  bad: "in trouble",
  unknown: "no data",
  neutral: "",
};

const shapes: Record<Health, React.ReactNode> = {
  good: (
    <>
      <circle cx="8" cy="8" r="7" />
      <path className={classes.sign} d="M4.8 8.3l2.2 2.2 4.2-4.6" />
    </>
  ),
  warning: (
    <>
      <path d="M8 .9 15.6 14.6H.4z" />
      <path className={classes.sign} d="M8 5.6v4M8 11.6v.9" />
    </>
  ),
  bad: (
    <>
      <rect x="2.6" y="2.6" width="10.8" height="10.8" rx="1.2" transform="rotate(45 8 8)" />
      <path className={classes.sign} d="M8 4.4v4.4M8 11v.9" />
    </>
  ),
  unknown: <circle cx="8" cy="8" r="6" className={classes.ring} />,
  neutral: <circle cx="8" cy="8" r="3" />,
};

interface Props {
  readonly health: Health;
  /** Read out; the health's own word where none is given, and nothing when a word stands beside. */
  readonly label?: string;
  readonly size?: number;
}

/** A health by colour and by shape: a tick in a disc, a triangle, a diamond, a dashed ring. */
export function HealthMark({ health, label = healthWord[health], size = 14 }: Props) {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return (
    <svg {...said} className={classes.mark} data-health={health} width={size} viewBox="0 0 16 16">
      {shapes[health]}
    </svg>
  );
}
