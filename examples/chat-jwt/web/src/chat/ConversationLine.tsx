// One line of the conversation: a message with who, where and when, or a quiet notice.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { memo } from "react";

import type { Message } from "../protocol";
import type { Line } from "../room/state";

export const ConversationLine = memo(function ConversationLine({ line }: { line: Line }) {
  if (line.kind === "notice") {
    return (
      <Typography component="li" variant="body2" data-kind="notice" sx={{ color: "text.secondary", overflowWrap: "anywhere" }}>
        {line.text}
      </Typography>
    );
  }
  const { message, own } = line;
  return (
    <Box
      component="li"
      data-kind="message"
      data-id={message.id}
      sx={{
        alignSelf: own ? "flex-end" : "flex-start",
        maxWidth: { xs: "92%", md: "80%" },
        minWidth: 0,
        px: 1.5,
        py: 0.75,
        borderRadius: "12px",
        border: 1,
        borderColor: message.private ? "secondary.main" : own ? "primary.main" : "divider",
        bgcolor: own ? "color-mix(in srgb, var(--mui-palette-primary-main) 9%, var(--mui-palette-background-paper))" : "background.default",
      }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", columnGap: 1, alignItems: "baseline", fontSize: "0.8125rem" }}>
        <Box component="span" sx={{ fontWeight: 650, color: own ? "primary.main" : "text.primary" }}>
          {own ? "You" : message.from}
        </Box>
        <Box component="span" sx={{ color: message.private ? "secondary.main" : "text.secondary", overflowWrap: "anywhere" }}>
          {place(message, own)}
        </Box>
        <Box component="time" dateTime={new Date(message.at).toISOString()} sx={{ color: "text.secondary" }}>
          {CLOCK.format(message.at)}
        </Box>
      </Box>
      <Box data-part="text" sx={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {message.text}
      </Box>
    </Box>
  );
});

function place(message: Message, own: boolean): string {
  if (!message.private) return `in ${message.room}`;
  return own ? `privately to ${message.room}` : "privately to you";
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
