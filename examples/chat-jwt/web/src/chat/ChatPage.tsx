// The chat: what surrounds the conversation in a side column, the conversation and what is written in the other.
import Box from "@mui/material/Box";
import { useState } from "react";

import type { User } from "../protocol";
import { useChat } from "../room/store";
import { Composer } from "./Composer";
import { ConnectionCard } from "./ConnectionCard";
import { Conversation } from "./Conversation";
import { Header } from "./Header";
import { MembersCard } from "./MembersCard";
import { Notices } from "./Notices";
import { RoomsCard } from "./RoomsCard";
import { TypingLine } from "./TypingLine";

export interface ChatPageProps {
  user: User;
  /** Back to the login, with a sentence that says why, if there is something to say. */
  onEnd: (why: string | null) => void;
}

export function ChatPage({ user, onEnd }: ChatPageProps) {
  const { link, rooms, lines, typing, error } = useChat();
  // Where the next message goes: a room, a socket id, or @name.
  const [target, setTarget] = useState("");
  // Whose members are shown: the room last picked, also while a private message is written.
  const [shown, setShown] = useState("");
  const pick = (to: string) => {
    setTarget(to);
    if (rooms.some((room) => room.name === to)) setShown(to);
  };
  const joined = (room: string) => {
    setTarget(room);
    setShown(room);
  };
  const online = link.phase === "connected";

  return (
    <Box sx={{ height: { md: "100dvh" }, minHeight: "100dvh", display: "flex", flexDirection: "column" }}>
      <Header user={user} phase={link.phase} onEnd={onEnd} />
      <Box
        sx={{
          flex: 1,
          minHeight: 0,
          width: "100%",
          maxWidth: 1280,
          mx: "auto",
          p: { xs: 1.5, md: 2.5 },
          display: "grid",
          gap: { xs: 1.5, md: 2.5 },
          gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "340px minmax(0, 1fr)" },
          gridTemplateRows: { xs: "auto 1fr", md: "minmax(0, 1fr)" },
        }}
      >
        <Box
          component="aside"
          aria-label="Connection, rooms and members"
          sx={{ display: "flex", flexDirection: "column", gap: { xs: 1.5, md: 2 }, overflowY: { md: "auto" } }}
        >
          <ConnectionCard link={link} />
          <RoomsCard rooms={rooms} target={target} online={online} onPick={pick} onJoined={joined} />
          <MembersCard rooms={rooms} shown={shown} ownId={link.id} onPick={pick} />
        </Box>
        <Box component="main" sx={{ display: "flex", flexDirection: "column", gap: 1.5, minHeight: 0, minWidth: 0 }}>
          <Conversation lines={lines} rooms={rooms} />
          <TypingLine typing={typing} />
          <Box sx={AT_HAND}>
            <Notices link={link} error={error} />
            <Composer target={target} online={online} onTarget={pick} />
          </Box>
        </Box>
      </Box>
    </Box>
  );
}

// On a phone the field and what went wrong stay in sight while the page is scrolled.
const AT_HAND = {
  position: { xs: "sticky", md: "static" },
  bottom: 0,
  zIndex: 1,
  mx: { xs: -1.5, md: 0 },
  mb: { xs: -1.5, md: 0 },
  p: { xs: 1.5, md: 0 },
  pt: { xs: 1.25, md: 0 },
  bgcolor: "background.default",
  display: "flex",
  flexDirection: "column",
  gap: 1.5,
} as const;
