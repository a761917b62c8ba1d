import { type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import type { Graph, Node } from "~/api/pages";
import { Card } from "~/shared/charts/Card";
import { focusOn } from "~/shared/charts/focus";
import { Tools } from "~/shared/charts/Tools";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { useWidth } from "~/shared/useSize";
import { edgePath, heightOf, neighbours, nextNode, TALL } from "~/widgets/graph/geometry";
import { NodeBox } from "~/widgets/graph/NodeBox";
import { usePan } from "~/widgets/graph/usePan";
import classes from "./Graph.module.css";

interface Props {
  readonly graph: Graph;
}

function Edges({ graph, near, marker }: Props & { near?: ReadonlySet<string>; marker: string }) {
  const at = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph.nodes]);
  // What is lit lies over the rest.
  const sorted = useMemo(
    () => [...graph.edges].sort((a, b) => Number(a.lit) - Number(b.lit)),
    [graph.edges],
  );
  return sorted.map((edge) => {
    const [from, to] = [at.get(edge.source), at.get(edge.target)];
    if (!from || !to) return null;
    const dim = near !== undefined && !(near.has(edge.source) && near.has(edge.target));
    return (
      <path
        key={`${edge.source} ${edge.target} ${edge.kind}`}
        className={classes.edge}
        data-lit={edge.lit || undefined}
        data-dim={dim || undefined}
        d={edgePath(from, to)}
        markerEnd={`url(#${marker}${edge.lit ? "-lit" : ""})`}
      >
        <title>{edge.says || `${from.label} ${edge.kind} ${to.label}`}</title>
      </path>
    );
  });
}

function Markers({ id }: { readonly id: string }) {
  return (
    <defs>
      {["", "-lit"].map((end) => (
        <marker
          key={end}
          id={id + end}
          viewBox="0 0 8 8"
          refX="6.5"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 .8 7 4 0 7.2z" className={end ? classes.tipLit : classes.tip} />
        </marker>
      ))}
    </defs>
  );
}

function About({ node, graph }: { readonly node: Node } & Props) {
  const name = new Map(graph.nodes.map((each) => [each.id, each.label]));
  const said = graph.edges
    .filter((edge) => edge.source === node.id || edge.target === node.id)
    .map((edge) => edge.says || `${name.get(edge.source)} ${edge.kind} ${name.get(edge.target)}`);
  return (
    <>
      <p data-health={node.health}>
        <HealthMark health={node.health} label="" size={12} /> <b>{node.label}</b>
      </p>
      <p className={classes.more}>
        {node.kind}
        {healthWord[node.health] && ` · ${healthWord[node.health]}`}
        {node.says && ` · ${node.says}`}
      </p>
      {said.slice(0, 5).map((each) => (
        <p key={each} className={classes.more}>
          {each}
        </p>
      ))}
      {said.length > 5 && <p className={classes.more}>and {said.length - 5} more</p>}
    </>
  );
}

/** The map: it is dragged, zoomed, and walked through by the arrow keys. */
export function Picture({ graph }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<string | undefined>(undefined);
  const svg = useRef<SVGSVGElement>(null);
  const marker = useId();
  const height = heightOf(graph, Math.max(width, 200));
  const { view, zoom, show, all, handlers } = usePan(svg, graph, Math.max(width, 1), height);
  const near = pointed ? neighbours(pointed, graph.edges) : undefined;
  const node = graph.nodes.find((each) => each.id === pointed);
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = (event.target as Element).getAttribute("data-node");
    const from = graph.nodes.find((each) => each.id === focused);
    const next = from && nextNode(from, event.key, graph.nodes);
    const done = { "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1.4), "0": all }[
      event.key
    ];
    if (!next && !done) return;
    event.preventDefault();
    done?.();
    if (!next) return;
    focusOn(svg.current, "data-node", next.id);
    show(next.x, next.y);
  };
  const scale = width / view.w;
  return (
    <div ref={box} className={classes.box} style={{ minHeight: height }}>
      {width > 0 && (
        <svg
          ref={svg}
          className={classes.svg}
          width={width}
          height={height}
          viewBox={`${view.x} ${view.y} ${view.w} ${view.h}`}
          aria-label={graph.title || "Map"}
          role="group"
          // A click gives it the focus: then the wheel and the keys are its own.
          tabIndex={-1}
          onKeyDown={keys}
          {...handlers}
        >
          <Markers id={marker} />
          <Edges graph={graph} near={near} marker={marker} />
          {graph.nodes.map((each) => (
            <NodeBox
              key={each.id}
              node={each}
              dim={near !== undefined && !near.has(each.id)}
              onPoint={setPointed}
            />
          ))}
        </svg>
      )}
      {node && (
        <Card
          x={(node.x - view.x) * scale - 14}
          y={(node.y + TALL / 2 - view.y) * scale + 8}
          width={width}
        >
          <About node={node} graph={graph} />
        </Card>
      )}
      <div className={classes.tools}>
        <span>Drag to move; arrow keys go from box to box.</span>
        <Tools
          of={graph.title || "map"}
          onIn={() => zoom(0.7)}
          onOut={() => zoom(1.4)}
          onReset={all}
        />
      </div>
    </div>
  );
}
