// `send` is the event `message`, both ways.
import assert from "node:assert/strict";
import { collect, connect, fence, noted, notes, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  const messages = collect(socket, "message");
  socket.send("hello world");
  socket.send("two", "arguments");
  await noted('message ["two","arguments"]');
  assert.deepEqual(await notes(), ['message ["hello world"]', 'message ["two","arguments"]']);
  await fence(socket);
  assert.deepEqual(messages, [["hello world"], ["two", "arguments"]]);
});
