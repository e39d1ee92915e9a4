// After a reconnect: into each room again, then what was said there meanwhile.
import type { Joined, Missed, Reply } from "../protocol";
import type { ChatSocket } from "../socket";
import { ask, failed } from "./ask";
import { change, current } from "./store";

export async function resume(socket: ChatSocket, user: string): Promise<void> {
  const id = socket.id;
  // Another disconnect starts another resume: this one then has nothing left to do.
  const over = () => socket.id !== id;
  // The cursors of before any live message of this connection, which must not hide what came before it.
  const behind = current().rooms.filter((room) => !room.caughtUp);
  for (const { name, cursor } of behind) {
    const joined = await patiently<Joined>(() => ask("join-room", name), over);
    if (over()) return;
    if (failed(joined)) {
      change({ type: "left", room: name });
      change({ type: "failed", text: `Could not join “${name}” again. ${joined.error.message}` });
      continue;
    }
    change({ type: "joined", members: joined, last: joined.last });
    const missed = await patiently<Missed>(() => ask("missed", { room: name, after: cursor }), over);
    if (over()) return;
    if (failed(missed)) {
      change({ type: "failed", text: `Could not catch up with “${name}”. ${missed.error.message}` });
      continue;
    }
    if (missed.gap) change({ type: "notice", text: `Some older messages of “${name}” may be missing.` });
    change({ type: "missed", room: name, messages: missed.messages, own: user });
  }
}

/** Twenty rooms are more events than a second allows: then a second is waited. */
async function patiently<T>(question: () => Promise<Reply<T>>, over: () => boolean): Promise<Reply<T>> {
  for (;;) {
    const reply = await question();
    if (!failed(reply) || reply.error.code !== "rate_limited" || over()) return reply;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
