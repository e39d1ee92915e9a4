// What the person does: join, leave, send, type. Each ends in a change of the state.
import type { Joined, MessageMeta } from "../protocol";
import { socket } from "../socket";
import { ask, failed } from "./ask";
import { change, current } from "./store";

export async function join(name: string): Promise<boolean> {
  const reply = await ask<Joined>("join-room", name);
  if (failed(reply)) return tell(reply.error.message);
  change({ type: "joined", members: reply, last: reply.last });
  return tell(null);
}

export async function leave(name: string): Promise<boolean> {
  const reply = await ask<{ room: string }>("leave-room", name);
  if (failed(reply)) return tell(reply.error.message);
  change({ type: "left", room: name });
  return tell(null);
}

/** To a room we are in, to a socket id, or with `@name` to every socket of that person. */
export async function send(to: string, text: string): Promise<boolean> {
  const reply = to.startsWith("@")
    ? await ask<MessageMeta>("private-message", { to: to.slice(1), message: text })
    : await ask<MessageMeta>("message", { room: to, message: text });
  if (failed(reply)) return tell(reply.error.message);
  change({ type: "message", message: { ...reply, text }, own: true });
  // The message took the note away at the others, so the next key may put it up again at once.
  lastTyping = 0;
  return tell(null);
}

/** Tells the room that we type, at most every two seconds. */
export function typing(room: string): void {
  const now = Date.now();
  const there = current().rooms.some((other) => other.name === room);
  if (!socket.connected || !there || now - lastTyping < TYPING_EVERY) return;
  lastTyping = now;
  socket.volatile.emit("typing", { room });
}

const TYPING_EVERY = 2_000;

let lastTyping = 0;

function tell(text: string | null): boolean {
  change({ type: "failed", text });
  return text === null;
}
