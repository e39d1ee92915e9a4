// Old and new clients.
import assert from "node:assert/strict";
import { collect, connect, fence, story } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect();
  const news = collect(socket, "news");
  const bytes = await new Promise((resolve) => socket.emit("echo", { bytes: Buffer.from([1, 2, 3]) }, resolve));
  assert.deepEqual([...bytes.bytes], [1, 2, 3]);
  await new Promise((resolve) => socket.emit("tell", resolve));
  await fence(socket);
  assert.deepEqual(news, [["to all"]]);
});
