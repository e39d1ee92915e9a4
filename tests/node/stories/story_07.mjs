// The server asks: a client that answers, one that stays silent, one that leaves.
import assert from "node:assert/strict";
import { connect, noted, notes, story } from "../lib/story.mjs";

await story(async () => {
  const answering = await connect();
  answering.on("get-user-data", (callback) => callback({ name: "Alice", age: 24 }));
  answering.emit("ask-me");
  await noted("Alice is 24");

  const silent = await connect();
  silent.on("get-user-data", () => {});
  silent.emit("ask-me");
  await noted("Timeout");

  const leaving = await connect();
  leaving.on("get-user-data", () => leaving.disconnect());
  leaving.emit("ask-me");
  await noted("Disconnected");
  assert.deepEqual(await notes(), ["Alice is 24", "Timeout", "Disconnected"]);
});
