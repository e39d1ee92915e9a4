// One change applied to the state; no effects here.
import { addLines, messageLine, noticeLine } from "./lines";
import { EMPTY, type ChatState, type Change, type Room } from "./state";

export function reduce(state: ChatState, change: Change): ChatState {
  switch (change.type) {
    case "reset":
      return EMPTY;
    case "connected": {
      const { id, transport } = change;
      return { ...state, link: { ...state.link, phase: "connected", id, transport, trouble: null } };
    }
    case "upgraded":
      return { ...state, link: { ...state.link, transport: change.transport } };
    case "disconnected":
      return {
        ...state,
        link: { ...state.link, phase: "offline", id: null, transport: null, lastReason: change.reason },
        rooms: state.rooms.map((room) => ({ ...room, caughtUp: false })),
        typing: [],
      };
    case "trouble":
      return { ...state, link: { ...state.link, phase: "offline", trouble: change.text } };
    case "joined": {
      const { room: name, members, total } = change.members;
      const known = state.rooms.find((room) => room.name === name);
      // A room joined again keeps its cursor: what came since then is what `missed` is asked for.
      const room: Room = known ? { ...known, members, total } : { name, members, total, cursor: change.last, caughtUp: true };
      return { ...state, rooms: known ? replace(state.rooms, room) : [...state.rooms, room] };
    }
    case "left":
      return {
        ...state,
        rooms: state.rooms.filter((room) => room.name !== change.room),
        typing: state.typing.filter((typing) => typing.room !== change.room),
      };
    case "members": {
      const { room: name, members, total } = change.members;
      return { ...state, rooms: state.rooms.map((room) => (room.name === name ? { ...room, members, total } : room)) };
    }
    case "message": {
      const { message } = change;
      return {
        ...state,
        lines: addLines(state.lines, [messageLine(message, change.own)]),
        typing: state.typing.filter((typing) => typing.socketId !== message.socketId),
        rooms: state.rooms.map((room) =>
          room.name === message.room && room.caughtUp && !message.private ? forward(room, message.id) : room,
        ),
      };
    }
    case "missed": {
      const newest = change.messages.at(-1)?.id ?? 0;
      return {
        ...state,
        lines: addLines(
          state.lines,
          change.messages.map((message) => messageLine(message, message.from === change.own)),
        ),
        rooms: state.rooms.map((room) => (room.name === change.room ? { ...forward(room, newest), caughtUp: true } : room)),
      };
    }
    case "notice":
      return { ...state, lines: addLines(state.lines, [noticeLine(change.text)]) };
    case "typing": {
      const { who, until } = change;
      const others = state.typing.filter((typing) => typing.socketId !== who.socketId || typing.room !== who.room);
      return { ...state, typing: [...others, { ...who, until }].slice(-MOST_TYPING) };
    }
    case "quiet":
      return { ...state, typing: state.typing.filter((typing) => typing.until > change.now) };
    case "failed":
      return { ...state, error: change.text };
  }
}

const MOST_TYPING = 50;

function forward(room: Room, id: number): Room {
  return id > room.cursor ? { ...room, cursor: id } : room;
}

function replace(rooms: Room[], room: Room): Room[] {
  return rooms.map((other) => (other.name === room.name ? room : other));
}
