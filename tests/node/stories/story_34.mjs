// A catch-all listener gets the name, the arguments and the bytes of every event.
import assert from "node:assert/strict";
import { connect, noted, notes, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  await noted("ready");
  socket.emit("catch-all-listeners", 1, "2", { 3: "4", 5: Buffer.from([6]) });
  await noted('catch-all-listeners [1,"2",{"3":"4","5":{"_placeholder":true,"num":0}}] bytes 6');
  assert.equal(await socket.timeout(5000).emitWithAck("known"), "handler");
  // It may answer what nobody else knows; it says so of one event only.
  assert.equal(await socket.timeout(5000).emitWithAck("answered by the catch-all"), "caught");
  const unknown = await socket.timeout(5000).emitWithAck("unknown");
  assert.equal(unknown.error.code, "unknown_event");
  assert.equal((await notes()).filter((note) => note.startsWith("known []")).length, 1);
});
