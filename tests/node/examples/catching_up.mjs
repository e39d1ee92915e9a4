// A client of each namespace loses its connection while another adds an item; all have all in the end.
import assert from "node:assert/strict";
import { connect, open, settled, story, until } from "../lib/story.mjs";

await story(async () => {
  const back = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 };
  const lists = { state: [], since: [], recovery: [] };
  const auth = (give) => give({ seen: lists.since.length });
  const sockets = Object.keys(lists).map((name) => {
    const socket = open(`/${name}`, name === "since" ? { ...back, auth } : back);
    socket.on("state", (items) => (lists[name] = items));
    // What one has already may come again: its number says so.
    socket.on("added", (item, number) => number > lists[name].length && lists[name].push(item));
    return socket;
  });
  await Promise.all(sockets.map(settled));
  const other = await connect("/state");
  await other.emitWithAck("add", "one");
  await until(() => Object.values(lists).every((list) => list.at(-1) === "one"));
  for (const socket of sockets) socket.io.engine.close();
  await other.emitWithAck("add", "two");
  await until(() => sockets.every((socket) => socket.connected));
  await until(() => Object.values(lists).every((list) => list.at(-1) === "two"));
  assert.deepEqual(lists.state, lists.since);
  assert.deepEqual(lists.state, lists.recovery);
  assert.ok(sockets[2].recovered);
});
