// Who is in the room that was picked last.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";

import type { Room } from "../room/state";
import { Card } from "../ui/Card";
import { monospace } from "../ui/theme";

export interface MembersCardProps {
  rooms: Room[];
  /** The room whose members are asked for; if we are not in it, the one joined last. */
  shown: string;
  ownId: string | null;
  onPick: (socketId: string) => void;
}

export function MembersCard({ rooms, shown, ownId, onPick }: MembersCardProps) {
  const room = rooms.find((other) => other.name === shown) ?? rooms.at(-1);
  if (!room) return null;
  return (
    <Card title={`Members of ${room.name}`}>
      <Box component="ul" aria-label="Members" sx={{ m: 0, p: 0, listStyle: "none", maxHeight: { xs: 160, md: "none" }, overflowY: "auto" }}>
        {room.members.map((member) => (
          <Box
            component="li"
            key={member.socketId}
            sx={{ display: "flex", alignItems: "baseline", gap: 1, minHeight: 32, fontSize: "0.875rem" }}
          >
            <Box component="span" sx={{ fontWeight: 600, flexShrink: 0 }}>
              {member.name}
            </Box>
            <Box component="code" sx={{ fontFamily: monospace, fontSize: "0.75rem", color: "text.secondary", overflow: "hidden", textOverflow: "ellipsis", flex: 1 }}>
              {member.socketId}
            </Box>
            {member.socketId === ownId ? (
              <Typography component="span" variant="body2" sx={{ color: "text.secondary" }}>
                you
              </Typography>
            ) : ownId === null ? null : (
              <Button size="small" sx={{ py: 0 }} aria-label={`Write privately to ${member.name}`} onClick={() => onPick(member.socketId)}>
                Write
              </Button>
            )}
          </Box>
        ))}
      </Box>
      {room.total > room.members.length ? (
        <Typography variant="body2" sx={{ color: "text.secondary" }}>
          and {room.total - room.members.length} more
        </Typography>
      ) : null}
    </Card>
  );
}
