// The facts of the connection: own socket id, transport, why it last ended. The state itself is in the header.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";

import type { Link } from "../room/state";
import { Card } from "../ui/Card";
import { SocketId } from "./SocketId";

export function ConnectionCard({ link }: { link: Link }) {
  return (
    <Card title="Connection">
      <Box
        component="dl"
        sx={{ m: 0, display: "grid", gridTemplateColumns: "auto minmax(0, 1fr)", columnGap: 1.5, rowGap: 0.5, alignItems: "center", fontSize: "0.875rem" }}
      >
        <Fact name="Socket id" id="socket-id">
          <SocketId id={link.id} />
        </Fact>
        <Fact name="Transport" id="transport">
          {link.transport ?? "none"}
        </Fact>
        <Fact name="Last disconnect" id="last-disconnect">
          {link.lastReason ?? "none yet"}
        </Fact>
      </Box>
    </Card>
  );
}

function Fact({ name, id, children }: { name: string; id: string; children: ReactNode }) {
  return (
    <>
      <Box component="dt" sx={{ color: "text.secondary" }}>
        {name}
      </Box>
      <Box component="dd" data-testid={id} sx={{ m: 0, minWidth: 0, overflowWrap: "anywhere" }}>
        {children}
      </Box>
    </>
  );
}
