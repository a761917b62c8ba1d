import classes from "./PageSkeleton.module.css";

/** The shape of a page that is on its way. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="The page is loading" className={classes.page}>
      <div className={classes.title} />
      <div className={classes.line} />
      <div className={classes.tiles}>
        <div />
        <div />
        <div />
        <div />
      </div>
      <div className={classes.block} />
      <div className={classes.block} />
    </div>
  );
}
