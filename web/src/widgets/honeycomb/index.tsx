import type { Health, HoneycombGroup } from "~/api/pages";
import { worstFirst } from "~/shared/charts/colours";
import { Twin, TwinTable } from "~/shared/charts/Twin";
import { count } from "~/shared/format";
import { HealthMark, healthWord } from "~/shared/HealthMark";
import { To } from "~/shared/To";
import { Group } from "~/widgets/honeycomb/Group";
import type { WidgetProps } from "~/widgets/registry";
import classes from "./Honeycomb.module.css";

const HEALTHS: readonly Health[] = ["bad", "warning", "unknown", "good", "neutral"];

interface Props {
  readonly groups: readonly HoneycombGroup[];
}

function Legend({ groups }: Props) {
  const cells = groups.flatMap((group) => group.cells);
  return (
    <ul className={classes.legend}>
      {HEALTHS.map((health) => {
        const n = cells.filter((cell) => cell.health === health).length;
        if (n === 0) return null;
        return (
          <li key={health}>
            <HealthMark health={health} label="" size={12} /> {count(n)}{" "}
            {healthWord[health] || "without a state"}
          </li>
        );
      })}
    </ul>
  );
}

function List({ groups }: Props) {
  const rows = groups
    .flatMap((group) => group.cells.map((cell) => ({ group: group.title, cell })))
    .sort((a, b) => worstFirst(a.cell.health, b.cell.health));
  return (
    <TwinTable
      caption="All, worst first"
      head={["Name", "Group", "Health", "What"]}
      rows={rows.map(({ group, cell }) => [
        <To key="name" to={cell.to}>
          {cell.label}
        </To>,
        group,
        <span key="health" className={classes.word}>
          <HealthMark health={cell.health} label="" size={12} /> {healthWord[cell.health]}
        </span>,
        cell.says,
      ])}
    />
  );
}

/** Everything at a glance, by team, worst first. */
export default function Honeycomb({ widget }: WidgetProps<"honeycomb">) {
  return (
    <Twin
      of={widget.title || "Honeycomb"}
      as="list"
      picture={
        <div className={classes.groups}>
          {widget.groups.map((group) => (
            <Group key={group.title} group={group} />
          ))}
        </div>
      }
      table={() => <List groups={widget.groups} />}
      beside={<Legend groups={widget.groups} />}
    />
  );
}
