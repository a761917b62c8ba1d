import { useEffect, useState } from "react";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import classes from "./ScopeBox.module.css";

/** The part of the world that every page is about: a namespace, a team or an entity. */
export function ScopeBox() {
  const { query, setQuery } = usePage();
  const scope = query.scope ?? "";
  const [text, setText] = useState(scope);
  useEffect(() => setText(scope), [scope]);
  const apply = (said: string) => {
    if (said.trim() !== scope) setQuery({ scope: said.trim() || undefined });
  };
  return (
    <form
      className={classes.scope}
      data-on={scope !== "" || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        apply(text);
      }}
    >
      <Icon name="filter" size={14} />
      <input
        aria-label="Scope: namespace, team or entity"
        placeholder="All teams"
        title="Only what belongs to this namespace, team or entity"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => apply(text)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setText(scope);
          event.currentTarget.blur();
        }}
      />
      {scope && (
        <button type="button" aria-label="Take the scope away" onClick={() => apply("")}>
          <Icon name="close" size={12} />
        </button>
      )}
    </form>
  );
}
