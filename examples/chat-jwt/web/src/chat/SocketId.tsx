// The own socket id, to be read, selected, or copied with one press.
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import { useEffect, useRef, useState } from "react";

import { CheckIcon, CopyIcon } from "../ui/icons";
import { monospace } from "../ui/theme";

export function SocketId({ id }: { id: string | null }) {
  const text = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    if (!id) return;
    try {
      await navigator.clipboard.writeText(id);
      setCopied(true);
    } catch {
      // Without a secure origin there is no clipboard: at least it is selected for the keyboard.
      if (text.current) window.getSelection()?.selectAllChildren(text.current);
    }
  };

  if (!id) return <>none</>;
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 0.25, minWidth: 0 }}>
      <Box component="code" ref={text} aria-label="Own socket id" sx={{ fontFamily: monospace, fontSize: "0.75rem", overflowWrap: "anywhere" }}>
        {id}
      </Box>
      <Tooltip title={copied ? "Copied" : "Copy"}>
        <IconButton size="small" aria-label="Copy socket id" onClick={() => void copy()} color={copied ? "success" : "default"}>
          {copied ? <CheckIcon fontSize="inherit" /> : <CopyIcon fontSize="inherit" />}
        </IconButton>
      </Tooltip>
      <Box component="span" role="status" sx={HIDDEN}>
        {copied ? "Copied" : ""}
      </Box>
    </Box>
  );
}

const HIDDEN = { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)", whiteSpace: "nowrap" } as const;
