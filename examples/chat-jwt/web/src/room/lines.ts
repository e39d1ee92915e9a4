// The lines of the conversation: each message once, in the order of the server's ids, notices where they happened.
import type { Message } from "../protocol";
import type { Line } from "./state";

/** More than this many lines are not kept: a tab may stay open for weeks. */
const MOST_LINES = 500;

let notices = 0;

export function messageLine(message: Message, own: boolean): Line {
  return { kind: "message", key: `m${message.id}`, message, own };
}

export function noticeLine(text: string): Line {
  notices += 1;
  return { kind: "notice", key: `n${notices}`, text, at: Date.now() };
}

export function addLines(lines: Line[], more: Line[]): Line[] {
  const known = new Set(lines.map((line) => line.key));
  const merged = [...lines];
  for (const line of more) {
    if (known.has(line.key)) continue;
    known.add(line.key);
    merged.splice(place(merged, line), 0, line);
  }
  return merged.slice(-MOST_LINES);
}

/** Behind everything, unless a message with a higher id is already there: then before the first of those. */
function place(lines: Line[], line: Line): number {
  if (line.kind === "notice") return lines.length;
  let at = lines.length;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const other = lines[index];
    if (other?.kind !== "message") continue;
    if (other.message.id < line.message.id) break;
    at = index;
  }
  return at;
}
