// Joining, and the rooms we are in: each can be written to and left.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState, type FormEvent } from "react";

import { join, leave } from "../room/actions";
import type { Room } from "../room/state";
import { Card } from "../ui/Card";
import { CloseIcon } from "../ui/icons";

export interface RoomsCardProps {
  rooms: Room[];
  target: string;
  online: boolean;
  onPick: (room: string) => void;
  onJoined: (room: string) => void;
}

export function RoomsCard({ rooms, target, online, onPick, onJoined }: RoomsCardProps) {
  const [name, setName] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (await join(wanted)) {
      setName("");
      onJoined(wanted);
    }
  };
  const out = async (room: string) => {
    if ((await leave(room)) && target === room) onPick("");
  };
  return (
    <Card title="Rooms">
      <Box component="form" onSubmit={(event: FormEvent) => void submit(event)} sx={{ display: "flex", gap: 1 }} aria-label="Join a room">
        <TextField
          label="Room to join"
          value={name}
          onChange={(event) => setName(event.target.value)}
          slotProps={{ htmlInput: { autoCapitalize: "none", autoComplete: "off" } }}
        />
        <Button type="submit" variant="contained" disabled={!online || name.trim() === ""}>
          Join
        </Button>
      </Box>
      {rooms.length === 0 ? (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          You are in no room yet.
        </Typography>
      ) : (
        <Box component="ul" aria-label="Joined rooms" sx={{ m: 0, p: 0, listStyle: "none", display: "flex", flexWrap: "wrap", gap: 0.75 }}>
          {rooms.map((room) => (
            <Box component="li" key={room.name} sx={{ display: "flex", maxWidth: "100%" }}>
              <Chip
                label={room.name}
                variant={room.name === target ? "filled" : "outlined"}
                color={room.name === target ? "primary" : "default"}
                onClick={() => onPick(room.name)}
                aria-label={`Write to ${room.name}`}
                aria-pressed={room.name === target}
                sx={{ borderTopRightRadius: 0, borderBottomRightRadius: 0, minWidth: 0 }}
              />
              <Button
                aria-label={`Leave ${room.name}`}
                onClick={() => void out(room.name)}
                disabled={!online}
                variant="outlined"
                sx={{ minWidth: 32, height: 32, p: 0, ml: "-1px", borderColor: "divider", borderRadius: "0 16px 16px 0" }}
              >
                <CloseIcon sx={{ fontSize: 16 }} />
              </Button>
            </Box>
          ))}
        </Box>
      )}
    </Card>
  );
}
