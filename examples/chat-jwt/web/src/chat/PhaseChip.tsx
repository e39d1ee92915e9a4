// The state of the connection in one word, told to screen readers when it changes.
import Box from "@mui/material/Box";

import type { Phase } from "../room/state";

export function PhaseChip({ phase }: { phase: Phase }) {
  return (
    <Box
      role="status"
      aria-label="Connection state"
      sx={{
        display: "inline-flex",
        alignItems: "center",
        gap: 0.75,
        px: 1,
        py: 0.25,
        borderRadius: 99,
        border: 1,
        borderColor: "divider",
        fontSize: "0.8125rem",
        fontWeight: 600,
      }}
    >
      <Box component="span" aria-hidden sx={{ width: 8, height: 8, borderRadius: "50%", bgcolor: COLOURS[phase] }} />
      {phase}
    </Box>
  );
}

// The word says it; the dot only repeats it.
const COLOURS: Record<Phase, string> = {
  connecting: "warning.main",
  connected: "success.main",
  offline: "error.main",
};
