// A titled block of the side column: a region with a heading.
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { useId, type ReactNode } from "react";

export function Card({ title, children }: { title: string; children: ReactNode }) {
  const heading = useId();
  return (
    <Paper
      component="section"
      aria-labelledby={heading}
      variant="outlined"
      sx={{ p: { xs: 1.5, md: 2 }, display: "flex", flexDirection: "column", gap: 1.25 }}
    >
      <Typography variant="h2" id={heading}>
        {title}
      </Typography>
      {children}
    </Paper>
  );
}
