// What is written, and to whom. Enter sends, Shift and Enter make a new line.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { useRef, useState, type FormEvent, type KeyboardEvent } from "react";

import { send, typing } from "../room/actions";
import { SendIcon } from "../ui/icons";

export interface ComposerProps {
  target: string;
  online: boolean;
  onTarget: (target: string) => void;
}

export function Composer({ target, online, onTarget }: ComposerProps) {
  const [text, setText] = useState("");
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = online && !sending && text.trim() !== "" && target.trim() !== "";

  const go = async () => {
    if (!ready) return;
    setSending(true);
    // What did not arrive stays in the field.
    if (await send(target.trim(), text)) setText("");
    setSending(false);
    field.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void go();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void go();
  };

  return (
    <Box
      component="form"
      aria-label="Write a message"
      onSubmit={submit}
      sx={{
        display: "grid",
        gap: 1.25,
        alignItems: "start",
        gridTemplateColumns: { xs: "minmax(0, 1fr) auto", md: "240px minmax(0, 1fr) auto" },
      }}
    >
      <TextField
        label="Room or socket id"
        placeholder="or @name"
        value={target}
        onChange={(event) => onTarget(event.target.value)}
        slotProps={{ htmlInput: { autoCapitalize: "none", autoComplete: "off", spellCheck: false } }}
        sx={{ gridColumn: { xs: "1 / -1", md: "auto" } }}
      />
      <TextField
        label="Message"
        multiline
        maxRows={5}
        value={text}
        inputRef={field}
        onChange={(event) => {
          setText(event.target.value);
          typing(target.trim());
        }}
        onKeyDown={pressed}
      />
      <Button type="submit" variant="contained" disabled={!ready} endIcon={<SendIcon />} sx={{ height: 40 }}>
        Send
      </Button>
    </Box>
  );
}
