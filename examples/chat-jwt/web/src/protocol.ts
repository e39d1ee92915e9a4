// The words this page and the server exchange: events, their arguments and their acknowledgements.

/** Who somebody is, as `/session`, `/login` and `welcome` tell it. */
export interface User {
  name: string;
  role: string;
}

/** What comes with the text of a message. `id` grows with time, also over a restart of the server. */
export interface MessageMeta {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  /** The room, or for a private message what the sender wrote as its recipient. */
  room: string;
  from: string;
  socketId: string;
  private?: boolean;
}

export interface Message extends MessageMeta {
  text: string;
}

export interface Member {
  name: string;
  socketId: string;
}

export interface Presence {
  room: string;
  user: string;
  socketId: string;
}

export interface Members {
  room: string;
  members: Member[];
  /** How many there are, when the list is too long to be sent whole. */
  total: number;
}

export interface Failure {
  error: { code: string; message: string };
}

export type Reply<T> = ({ ok: true } & T) | Failure;

export type Joined = Members & {
  /** The newest message of the room when we came in: what is newer, `missed` can tell later. */
  last: number;
};

export interface Missed {
  room: string;
  messages: Message[];
  /** Older ones are no longer kept, so something may be missing between `after` and the first of these. */
  gap: boolean;
}

type Ack<T> = (reply: Reply<T>) => void;

export interface ServerEvents {
  welcome: (text: string, user: User) => void;
  "receive-message": (text: string, meta: MessageMeta) => void;
  "user-joined": (text: string, who: Presence) => void;
  "user-left": (text: string, who: Presence) => void;
  typing: (who: Presence) => void;
  members: (members: Members) => void;
  "session-expired": (text: string) => void;
}

export interface ClientEvents {
  "join-room": (name: string, ack: Ack<Joined>) => void;
  "leave-room": (name: string, ack: Ack<{ room: string }>) => void;
  message: (message: { room: string; message: string }, ack: Ack<MessageMeta>) => void;
  "private-message": (message: { to: string; message: string }, ack: Ack<MessageMeta>) => void;
  typing: (typing: { room: string }) => void;
  members: (room: string, ack: Ack<Members>) => void;
  missed: (missed: { room: string; after: number }, ack: Ack<Missed>) => void;
}
