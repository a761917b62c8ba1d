import { createTheme, type MantineColorsTuple } from "@mantine/core";

const blue: MantineColorsTuple = [
  "#e8eefc",
  "#ccdaf8",
  "#a6bff2",
  "#86aaff",
  "#5f8bf0",
  "#3f6fe0",
  "#2757c8",
  "#2757c8",
  "#1f47a6",
  "#183882",
];

const red: MantineColorsTuple = [
  "#fce7e7",
  "#f8cccd",
  "#f2a5a7",
  "#ff8585",
  "#e7595f",
  "#d6353d",
  "#b8232b",
  "#b8232b",
  "#961b22",
  "#74151a",
];

/** Mantine in the colours and sizes of theme.css, which says what they are. */
export const theme = createTheme({
  colors: { blue, red },
  primaryColor: "blue",
  primaryShade: { light: 6, dark: 6 },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-code)",
  fontSizes: {
    xs: "var(--text-sm)",
    sm: "var(--text-md)",
    md: "0.875rem",
    lg: "var(--text-lg)",
    xl: "var(--text-xl)",
  },
  defaultRadius: "var(--radius)",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: {
        multiline: true,
        maw: 340,
        openDelay: 200,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35 } } },
    Drawer: { defaultProps: { overlayProps: { backgroundOpacity: 0.2 } } },
    Button: { defaultProps: { fw: 500 } },
  },
});
