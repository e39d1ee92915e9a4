// All lines of all rooms, in order; follows the newest unless the reader has scrolled up.
import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { useEffect, useLayoutEffect, useRef } from "react";

import type { Line, Room } from "../room/state";
import { ConversationLine } from "./ConversationLine";

export function Conversation({ lines, rooms }: { lines: Line[]; rooms: Room[] }) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);

  const follow = () => {
    const log = box.current;
    if (log && following.current) log.scrollTop = log.scrollHeight;
  };
  useLayoutEffect(follow, [lines]);
  // A banner above, or a taller message field below, leaves less room.
  useEffect(() => {
    const log = box.current;
    if (!log) return;
    const observer = new ResizeObserver(follow);
    observer.observe(log);
    return () => observer.disconnect();
  }, []);

  const scrolled = () => {
    const log = box.current;
    if (log) following.current = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  };

  return (
    <Paper
      variant="outlined"
      ref={box}
      role="log"
      aria-label="Conversation"
      tabIndex={0}
      onScroll={scrolled}
      sx={{
        flex: 1,
        minHeight: { xs: 260, md: 160 },
        maxHeight: { xs: "60dvh", md: "none" },
        overflowY: "auto",
        p: { xs: 1.5, md: 2 },
        "&:focus-visible": { outline: 2, outlineColor: "primary.main", outlineOffset: 1 },
      }}
    >
      {rooms.length === 0 && !lines.some((line) => line.kind === "message") ? (
        <Typography sx={{ color: "text.secondary", mb: 1.5 }}>
          Join a room to talk with everybody in it, or paste somebody’s socket id below to write to them alone.
        </Typography>
      ) : null}
      <Box component="ol" aria-label="Lines" sx={{ m: 0, p: 0, listStyle: "none", display: "flex", flexDirection: "column", gap: 1 }}>
        {lines.map((line) => (
          <ConversationLine key={line.key} line={line} />
        ))}
      </Box>
    </Paper>
  );
}
