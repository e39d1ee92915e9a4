// What this tab knows about its chat, and how each piece of news changes it.
import type { Member, Members, Message, Presence } from "../protocol";

export interface Room {
  name: string;
  members: Member[];
  total: number;
  /** All messages of the room up to this id are here. */
  cursor: number;
  /** False from a disconnect until `missed` has been answered: only then may live messages move the cursor. */
  caughtUp: boolean;
}

export type Line =
  | { kind: "message"; key: string; message: Message; own: boolean }
  | { kind: "notice"; key: string; text: string; at: number };

export interface Typing extends Presence {
  /** When the note goes away by itself; milliseconds since 1970. */
  until: number;
}

export type Phase = "connecting" | "connected" | "offline";

export interface Link {
  phase: Phase;
  id: string | null;
  transport: string | null;
  /** Why the last connection ended, in the client library's words. */
  lastReason: string | null;
  /** Why the last attempt to connect failed. */
  trouble: string | null;
}

export interface ChatState {
  link: Link;
  rooms: Room[];
  lines: Line[];
  typing: Typing[];
  error: string | null;
}

export const EMPTY: ChatState = {
  link: { phase: "connecting", id: null, transport: null, lastReason: null, trouble: null },
  rooms: [],
  lines: [],
  typing: [],
  error: null,
};

export type Change =
  | { type: "reset" }
  | { type: "connected"; id: string; transport: string }
  | { type: "upgraded"; transport: string }
  | { type: "disconnected"; reason: string }
  | { type: "trouble"; text: string }
  | { type: "joined"; members: Members; last: number }
  | { type: "left"; room: string }
  | { type: "members"; members: Members }
  | { type: "message"; message: Message; own: boolean }
  | { type: "missed"; room: string; messages: Message[]; own: string }
  | { type: "notice"; text: string }
  | { type: "typing"; who: Presence; until: number }
  | { type: "quiet"; now: number }
  | { type: "failed"; text: string | null };
