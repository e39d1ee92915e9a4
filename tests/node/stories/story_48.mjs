// An event called `error`, both ways.
import assert from "node:assert/strict";
import { connect, next, noted, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  const heard = next(socket, "error");
  socket.emit("error", "Something bad happened");
  await noted("Something bad happened");
  assert.deepEqual(await heard, ["Something bad happened"]);
  assert.equal(socket.connected, true);
});
