// Who is typing; each note goes away by itself.
import Typography from "@mui/material/Typography";
import { useEffect } from "react";

import type { Typing } from "../room/state";
import { change } from "../room/store";

export function TypingLine({ typing }: { typing: Typing[] }) {
  const next = Math.min(...typing.map((note) => note.until));

  useEffect(() => {
    if (!Number.isFinite(next)) return;
    const timer = setTimeout(() => change({ type: "quiet", now: Date.now() }), Math.max(0, next - Date.now()) + 20);
    return () => clearTimeout(timer);
  }, [next]);

  return (
    <Typography variant="body2" aria-live="polite" data-testid="typing" noWrap sx={{ color: "text.secondary", minHeight: "1.5em" }}>
      {sentence(typing)}
    </Typography>
  );
}

function sentence(typing: Typing[]): string {
  const [first, ...others] = typing;
  if (!first) return "";
  if (others.length === 0) return `${first.user} is typing in ${first.room}…`;
  const names = [...new Set(typing.map((note) => note.user))];
  if (names.length > 3) return `${names.length} people are typing…`;
  return names.length === 1 ? `${names[0]} is typing…` : `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are typing…`;
}
