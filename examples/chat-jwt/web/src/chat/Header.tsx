// The bar on top: what this is, whether it is connected, who we are, and the way out.
import AppBar from "@mui/material/AppBar";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Toolbar from "@mui/material/Toolbar";
import Typography from "@mui/material/Typography";

import type { User } from "../protocol";
import { change } from "../room/store";
import type { Phase } from "../room/state";
import { logout } from "../server";
import { FishIcon } from "../ui/icons";
import { PhaseChip } from "./PhaseChip";

export function Header({ user, phase, onEnd }: { user: User; phase: Phase; onEnd: (why: string | null) => void }) {
  const leave = async () => {
    try {
      await logout();
      onEnd("You were logged out.");
    } catch (error) {
      change({ type: "failed", text: (error as Error).message });
    }
  };
  return (
    <AppBar
      position="static"
      elevation={0}
      sx={{ bgcolor: "background.paper", color: "text.primary", borderBottom: 1, borderColor: "divider", backgroundImage: "none" }}
    >
      <Toolbar sx={{ gap: { xs: 1, sm: 1.5 }, width: "100%", maxWidth: 1280, mx: "auto", px: { xs: 1.5, md: 2.5 } }} disableGutters>
        <FishIcon sx={{ color: "secondary.main", fontSize: 28 }} />
        <Typography variant="h1" noWrap sx={{ display: { xs: "none", sm: "block" } }}>
          sockeye chat
        </Typography>
        <Typography variant="h1" sx={{ display: { xs: "block", sm: "none" } }}>
          chat
        </Typography>
        <PhaseChip phase={phase} />
        <Box sx={{ flex: 1 }} />
        <Typography component="span" noWrap aria-label={`Logged in as ${user.name}`} role="note" sx={{ fontWeight: 600 }}>
          {user.name}
        </Typography>
        {user.role === "member" ? null : <Chip size="small" label={user.role} variant="outlined" color="secondary" />}
        <Button onClick={() => void leave()} variant="outlined" size="small" sx={{ whiteSpace: "nowrap" }}>
          Log out
        </Button>
      </Toolbar>
    </AppBar>
  );
}
