import type { Graph as GraphWidget, Health } from "~/api/pages";
import { worstFirst } from "~/shared/charts/colours";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import { KindMark } from "~/widgets/graph/kinds";
import { Picture } from "~/widgets/graph/Picture";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Graph.module.css";

interface Props {
  readonly graph: GraphWidget;
}

function Legend({ graph }: Props) {
  const kinds = [...new Set(graph.nodes.map((node) => node.kind))].sort();
  const healths = [...new Set(graph.nodes.map((node) => node.health))].sort(worstFirst);
  return (
    <ul className={classes.legend}>
      {healths
        .filter((health) => health !== "neutral")
        .map((health: Health) => (
          <li key={health} data-health={health}>
            <HealthMark health={health} label="" size={12} /> {healthWord[health]}
          </li>
        ))}
      {kinds.map((kind) => (
        <li key={kind}>
          <svg width={14} height={14} aria-hidden>
            <KindMark kind={kind} x={7} y={7} size={13} />
          </svg>{" "}
          {kind}
        </li>
      ))}
      {graph.edges.some((edge) => edge.lit) && (
        <li>
          <svg width={18} height={6} aria-hidden>
            <path className={classes.edge} data-lit d="M0 3H18" />
          </svg>{" "}
          from cause to symptom
        </li>
      )}
      {graph.left_out > 0 && <li>{graph.left_out} more are not drawn</li>}
    </ul>
  );
}

/** The boxes worst first, each with what it is joined to. */
function Boxes({ graph }: Props) {
  const name = new Map(graph.nodes.map((node) => [node.id, node.label]));
  const joined = (id: string, from: "source" | "target", to: "source" | "target") =>
    graph.edges
      .filter((edge) => edge[from] === id)
      .map((edge) => `${name.get(edge[to]) ?? edge[to]} (${edge.kind})`)
      .join(", ");
  const sorted = [...graph.nodes].sort(
    (a, b) => Number(b.lit) - Number(a.lit) || worstFirst(a.health, b.health),
  );
  return (
    <TwinTable
      caption={graph.title || "Map"}
      head={["Name", "Kind", "Health", "What", "Arrows to", "Arrows from"]}
      rows={sorted.map((node) => [
        <To key="name" to={node.to}>
          {node.lit ? <b>{node.label}</b> : node.label}
        </To>,
        node.kind,
        <span key="health" data-health={node.health} className={classes.health}>
          <HealthMark health={node.health} label="" size={12} /> {healthWord[node.health]}
        </span>,
        node.says,
        joined(node.id, "source", "target"),
        joined(node.id, "target", "source"),
      ])}
    />
  );
}

/** A map or a lineage, laid out by the server. */
export default function Graph({ widget }: WidgetProps<"graph">) {
  return (
    <Twin
      of={widget.title || "Map"}
      picture={<Picture graph={widget} />}
      table={() => <Boxes graph={widget} />}
      beside={<Legend graph={widget} />}
    />
  );
}
