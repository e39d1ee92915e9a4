// The socket's listeners: registered once, all removed again by what `listen` returns.
import type { Members, MessageMeta, Presence, User } from "../protocol";
import type { ChatSocket } from "../socket";
import { resume } from "./resume";
import { change, current } from "./store";

/**
 * Turns what the socket tells into changes of the state. `ended` is called with a sentence when the server
 * will not have us any more, `greeted` with who we are each time it lets us in.
 */
export function listen(socket: ChatSocket, ended: (sentence: string) => void, greeted: (user: User) => void): () => void {
  let sentence = "You were logged out.";
  let user = "";
  const manager = socket.io;

  const upgraded = () => change({ type: "upgraded", transport: transportOf(socket) });
  // Each new connection of the manager has an engine of its own, so this is asked for again and again.
  const opened = () => manager.engine.once("upgrade", upgraded);

  const connected = () => {
    change({ type: "connected", id: socket.id ?? "", transport: transportOf(socket) });
  };
  const welcome = (text: string, who: User) => {
    user = who.name;
    greeted(who);
    change({ type: "notice", text });
    void resume(socket, user);
  };
  const disconnected = (reason: string) => {
    change({ type: "disconnected", reason });
    // The stock client stays away after this one: it was the server's wish.
    if (reason === "io server disconnect") ended(sentence);
  };
  const refused = (error: Error & { data?: unknown }) => {
    if (socket.active) change({ type: "trouble", text: readable(error) });
    else ended(refusal(error));
  };
  const expired = (text: string) => {
    sentence = text;
  };

  socket.on("connect", connected);
  socket.on("disconnect", disconnected);
  socket.on("connect_error", refused);
  socket.on("welcome", welcome);
  socket.on("session-expired", expired);
  socket.on("receive-message", received);
  socket.on("user-joined", noticed);
  socket.on("user-left", noticed);
  socket.on("members", listed);
  socket.on("typing", typed);
  manager.on("open", opened);

  return () => {
    socket.off("connect", connected);
    socket.off("disconnect", disconnected);
    socket.off("connect_error", refused);
    socket.off("welcome", welcome);
    socket.off("session-expired", expired);
    socket.off("receive-message", received);
    socket.off("user-joined", noticed);
    socket.off("user-left", noticed);
    socket.off("members", listed);
    socket.off("typing", typed);
    manager.off("open", opened);
    manager.engine?.off("upgrade", upgraded);
  };
}

/** How long a note that somebody types stands without being renewed, in milliseconds. */
export const TYPING_STANDS = 4_000;

function received(text: string, meta: MessageMeta): void {
  change({ type: "message", message: { ...meta, text }, own: false });
}

function noticed(text: string): void {
  change({ type: "notice", text });
}

function listed(members: Members): void {
  change({ type: "members", members });
}

function typed(who: Presence): void {
  if (current().rooms.some((room) => room.name === who.room)) {
    change({ type: "typing", who, until: Date.now() + TYPING_STANDS });
  }
}

function transportOf(socket: ChatSocket): string {
  return socket.io.engine.transport.name;
}

function readable(error: Error): string {
  return error.message === "xhr poll error" || error.message === "websocket error"
    ? "The server does not answer."
    : `Connecting failed: ${error.message}.`;
}

/** The server's own sentence when it gave one with the refusal. */
function refusal(error: Error & { data?: unknown }): string {
  const body = (error.data as { body?: { reason?: unknown } } | undefined)?.body;
  return typeof body?.reason === "string" ? body.reason : `The server refused the connection: ${error.message}.`;
}
