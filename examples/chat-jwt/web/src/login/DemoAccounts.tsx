// The accounts of the demo, each a button that fills in the form.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import { monospace } from "../ui/theme";

export interface Account {
  name: string;
  password: string;
  note?: string;
}

export function DemoAccounts({ onPick }: { onPick: (account: Account) => void }) {
  return (
    <Box component="section" aria-labelledby="demo-accounts">
      <Typography variant="h2" id="demo-accounts">
        Demo accounts
      </Typography>
      <Typography variant="body2" sx={{ color: "text.secondary", mt: 0.5, mb: 1.25 }}>
        Name and password are the same. Pick one to fill in the form.
      </Typography>
      <Stack direction="row" spacing={1} useFlexGap sx={{ flexWrap: "wrap" }}>
        {ACCOUNTS.map((account) => (
          <Button
            key={account.name}
            variant="outlined"
            onClick={() => onPick(account)}
            sx={{ flex: "1 1 auto", flexDirection: "column", lineHeight: 1.4, py: 0.75, px: 1 }}
          >
            <Box component="span" sx={{ fontFamily: monospace, fontSize: "0.8125rem", whiteSpace: "nowrap" }}>
              {account.name} / {account.password}
            </Box>{" "}
            <Box component="span" sx={{ fontWeight: 400, fontSize: "0.75rem", color: "text.secondary" }}>
              {account.note ?? "member"}
            </Box>
          </Button>
        ))}
      </Stack>
    </Box>
  );
}

const ACCOUNTS: Account[] = [
  { name: "ada", password: "ada" },
  { name: "bob", password: "bob" },
  { name: "carol", password: "carol", note: "admin" },
];
