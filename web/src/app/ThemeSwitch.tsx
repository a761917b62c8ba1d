import { type MantineColorScheme, useMantineColorScheme } from "@mantine/core";
import { Icon, type IconName } from "~/shared/Icon";
import classes from "./ThemeSwitch.module.css";

const schemes: ReadonlyArray<[MantineColorScheme, IconName, string]> = [
  ["auto", "auto", "Colours of the system"],
  ["light", "sun", "Light"],
  ["dark", "moon", "Dark"],
];

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className={classes.row} role="radiogroup" aria-label="Colours">
      {schemes.map(([scheme, icon, title]) => (
        <label key={scheme} className={classes.choice} title={title}>
          <input
            type="radio"
            name="colours"
            aria-label={title}
            checked={colorScheme === scheme}
            onChange={() => setColorScheme(scheme)}
          />
          <Icon name={icon} size={14} />
        </label>
      ))}
    </div>
  );
}
