// What is wrong right now, in sentences: the connection, and the last thing that did not work.
import Alert from "@mui/material/Alert";
import IconButton from "@mui/material/IconButton";

import { change } from "../room/store";
import type { Link } from "../room/state";
import { CloseIcon } from "../ui/icons";

export function Notices({ link, error }: { link: Link; error: string | null }) {
  return (
    <>
      {link.phase === "offline" ? (
        <Alert severity="warning">
          You are offline{link.trouble ? ". " + link.trouble : link.lastReason ? ` (${link.lastReason}).` : "."} Trying again…
        </Alert>
      ) : null}
      {error ? (
        <Alert
          severity="error"
          action={
            <IconButton size="small" color="inherit" aria-label="Dismiss the error" onClick={() => change({ type: "failed", text: null })}>
              <CloseIcon fontSize="inherit" />
            </IconButton>
          }
        >
          {error}
        </Alert>
      ) : null}
    </>
  );
}
