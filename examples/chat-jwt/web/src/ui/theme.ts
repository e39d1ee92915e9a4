// Colours and shapes, light and dark by the visitor's preference. System fonts only: the page asks nobody else for anything.
import { createTheme } from "@mui/material/styles";

export const theme = createTheme({
  cssVariables: true,
  colorSchemes: {
    light: {
      palette: {
        primary: { main: "#0b6868", contrastText: "#ffffff" },
        secondary: { main: "#a33b23" },
        background: { default: "#f3f6f6", paper: "#ffffff" },
        text: { primary: "#16211f", secondary: "#4b5a58" },
        divider: "#d5dedd",
      },
    },
    dark: {
      palette: {
        primary: { main: "#6fcfca", contrastText: "#06201f" },
        secondary: { main: "#ff9b85" },
        background: { default: "#0f1616", paper: "#182121" },
        text: { primary: "#e8f0ef", secondary: "#a9bab8" },
        divider: "#2e3b3b",
      },
    },
  },
  shape: { borderRadius: 10 },
  typography: {
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    h1: { fontSize: "1.25rem", fontWeight: 650, letterSpacing: "-0.01em" },
    h2: { fontSize: "0.95rem", fontWeight: 650 },
    button: { textTransform: "none", fontWeight: 600 },
  },
  components: {
    MuiAlert: {
      styleOverrides: { root: { border: "1px solid color-mix(in srgb, currentColor 25%, transparent)", paddingBlock: 2 } },
    },
    // What is focused by the keyboard does not end up under the message field that sticks to the bottom of a phone.
    MuiCssBaseline: { styleOverrides: { html: { scrollPaddingBottom: 140 } } },
    MuiButton: { defaultProps: { disableElevation: true } },
    MuiPaper: { defaultProps: { elevation: 0 } },
    MuiTextField: { defaultProps: { size: "small", fullWidth: true } },
    MuiTooltip: { defaultProps: { arrow: true } },
  },
});

// For ids, which are read letter by letter.
export const monospace = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace';
