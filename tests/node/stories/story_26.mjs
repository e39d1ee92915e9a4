// An unknown namespace.
import assert from "node:assert/strict";
import { connect, next, settled, story } from "../lib/story.mjs";

await story(async () => {
  const main = await connect();
  const chat = await settled(main.io.socket("/chat"));
  const unknown = main.io.socket("/nowhere");
  const [error] = await next(unknown, "connect_error");
  assert.equal(error.message, "Invalid namespace");
  assert.equal(unknown.connected, false);
  assert.equal(await main.emitWithAck("where"), "/");
  assert.equal(await chat.emitWithAck("where"), "/chat");
});
