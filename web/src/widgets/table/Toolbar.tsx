import type { Table } from "~/api/pages";
import { FreeText } from "~/shared/FreeText";
import { Icon } from "~/shared/Icon";
import { usePage } from "~/shared/page";
import { FacetBox } from "./FacetBox";
import classes from "./Toolbar.module.css";

const name = (widget: Table): string => widget.title || widget.id;

/** The search and the filters of a table; all of them stand in the URL. */
export function Toolbar({ widget }: { readonly widget: Table }) {
  const { setQuery } = usePage();
  const after = `${widget.id}.after`;
  const facets = widget.facets.filter((facet) => facet.values.length > 0);
  const chosen = facets.flatMap((facet) =>
    facet.values.filter((value) => value.chosen).map((value) => ({ facet, value })),
  );
  if (widget.q === null && facets.length === 0) return null;
  const without = (param: string, gone: string) =>
    chosen
      .filter(({ facet, value }) => facet.param === param && value.value !== gone)
      .map(({ value }) => value.value)
      .join(",");
  return (
    <div className={classes.bar}>
      {widget.q !== null && (
        <div className={classes.search}>
          <Icon name="search" size={14} />
          <FreeText
            type="search"
            label={`Search ${name(widget)}`}
            placeholder={widget.q_hint || "Search"}
            value={widget.q}
            onSaid={(q) => setQuery({ [`${widget.id}.q`]: q, [after]: undefined })}
          />
        </div>
      )}
      {facets.map((facet) => (
        <FacetBox
          key={facet.param}
          facet={facet}
          onChosen={(values) => setQuery({ [facet.param]: values.join(","), [after]: undefined })}
        />
      ))}
      {chosen.map(({ facet, value }) => (
        <button
          key={`${facet.param} ${value.value}`}
          type="button"
          className={classes.chip}
          aria-label={`Take away ${facet.title}: ${value.title}`}
          onClick={() =>
            setQuery({ [facet.param]: without(facet.param, value.value), [after]: undefined })
          }
        >
          {value.title} <Icon name="close" size={10} />
        </button>
      ))}
    </div>
  );
}
