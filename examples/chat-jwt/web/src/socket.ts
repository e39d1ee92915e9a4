// The one socket of this tab: made when the module loads, never by a render.
import { io, type Socket } from "socket.io-client";

import type { ClientEvents, Reply, ServerEvents } from "./protocol";
import { SERVER } from "./server";

export type ChatSocket = Socket<ServerEvents, ClientEvents>;

export const socket: ChatSocket = io(SERVER || window.location.origin, {
  // Connecting is the business of a login, not of loading the page.
  autoConnect: false,
  withCredentials: true,
  ...transports(),
});

/** What an event came to, when no answer did. */
export const NO_ANSWER: Reply<never> = {
  error: { code: "no_answer", message: "The server did not answer in time. The connection may be gone." },
};

/** How long an answer may take, in milliseconds. */
export const ANSWER_TIMEOUT = 8_000;

/** `?transport=polling` or `?transport=websocket` in the address pins the transport, to try one by itself. */
function transports(): { transports?: string[] } {
  const wanted = new URLSearchParams(window.location.search).get("transport");
  return wanted === "polling" || wanted === "websocket" ? { transports: [wanted] } : {};
}
