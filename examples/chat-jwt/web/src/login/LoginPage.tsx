// The way in: name and password, the demo accounts, a guest's door when the server has one.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useRef, useState, type FormEvent } from "react";

import type { User } from "../protocol";
import { login, loginAsGuest } from "../server";
import { FishIcon } from "../ui/icons";
import { DemoAccounts } from "./DemoAccounts";

export interface LoginPageProps {
  /** Why the person is here, or here again. */
  sentence: string | null;
  guest: boolean;
  onEnter: (user: User) => void;
}

export function LoginPage({ sentence, guest, onEnter }: LoginPageProps) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const passwordField = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const enter = async (way: () => Promise<User>) => {
    setBusy(true);
    setError(null);
    try {
      onEnter(await way());
    } catch (failure) {
      setError((failure as Error).message);
      setBusy(false);
      passwordField.current?.select();
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void enter(() => login(name.trim(), password));
  };

  return (
    <Box
      component="main"
      sx={{ minHeight: "100dvh", display: "grid", placeItems: "center", p: 2, bgcolor: "background.default" }}
    >
      <Paper variant="outlined" sx={{ width: "100%", maxWidth: 400, p: { xs: 2.5, sm: 4 } }}>
        <Stack spacing={2.5}>
          <Stack direction="row" spacing={1.25} sx={{ alignItems: "center" }}>
            <FishIcon sx={{ color: "secondary.main", fontSize: 32 }} />
            <Typography variant="h1">sockeye chat</Typography>
          </Stack>
          {error || sentence ? <Alert severity={error ? "error" : "info"}>{error ?? sentence}</Alert> : null}
          <Stack component="form" spacing={2} onSubmit={submit} aria-label="Log in">
            <TextField
              label="Name"
              name="name"
              autoComplete="username"
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
              slotProps={SLOTS}
            />
            <TextField
              label="Password"
              name="password"
              type="password"
              inputRef={passwordField}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              slotProps={SLOTS}
            />
            <Button type="submit" variant="contained" size="large" disabled={busy}>
              Log in
            </Button>
            {guest ? (
              <Button variant="outlined" disabled={busy} onClick={() => void enter(loginAsGuest)}>
                Continue as guest
              </Button>
            ) : null}
          </Stack>
          <DemoAccounts
            onPick={(account) => {
              setName(account.name);
              setPassword(account.password);
            }}
          />
        </Stack>
      </Paper>
    </Box>
  );
}

// Required by the inputs alone: the label's asterisk would become part of the field's name.
const SLOTS = { htmlInput: { required: true, autoCapitalize: "none", spellCheck: false } } as const;
