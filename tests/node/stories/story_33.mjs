// Listeners of one socket: once, removed by handle, by name, all together, and by themselves.
import assert from "node:assert/strict";
import { connect, fence, noted, notes, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  await noted("ready");
  const heard = async () => {
    await socket.timeout(5000).emitWithAck("fence");
    return (await notes()).filter((note) => note !== "ready");
  };
  socket.emit("once", 1).emit("once", 2).emit("twice").emit("self").emit("self");
  assert.deepEqual(await heard(), ["once [1]", "twice a", "twice b", "self"]);

  await socket.timeout(5000).emitWithAck("off", "handle");
  socket.emit("twice");
  assert.deepEqual((await heard()).slice(4), ["twice b"]);

  await socket.timeout(5000).emitWithAck("off", "event");
  socket.emit("twice").emit("other");
  assert.deepEqual((await heard()).slice(5), ["other"]);

  await socket.timeout(5000).emitWithAck("off", "all");
  socket.emit("twice").emit("other").emit("self");
  assert.deepEqual((await heard()).slice(6), []);

  // They were the listeners of that socket: another one has its own.
  const another = await connect();
  another.emit("once", 3);
  await noted("once [3]");
  await fence(socket, another);
});
