// A middleware sees each event, changes an argument, refuses another, and times the handler; the client stays.
import assert from "node:assert/strict";
import { connect, noted, notes, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  assert.equal(await socket.timeout(5000).emitWithAck("say", "  hello  ", { n: 1 }), "hello");
  const refused = await socket.timeout(5000).emitWithAck("delete-user", "ada");
  assert.deepEqual(refused, { error: { code: "forbidden", message: "only admins delete users" } });
  // Without an ack nobody is told, and nothing happens either.
  socket.emit("delete-user", "bob");
  assert.equal(await socket.timeout(5000).emitWithAck("say", "still here", {}), "still here");
  assert.equal(socket.connected, true);
  await noted('say ["still here",{}] took time: true');
  const seen = await notes();
  assert.equal(seen[0], 'say ["  hello  ",{"n":1}] took time: true');
  assert.ok(!seen.some((note) => note.startsWith("deleted")), seen);
});
