// HTTP is left alone.
import assert from "node:assert/strict";
import WebSocket from "ws";
import { base, connect, next, story } from "../lib/story.mjs";

const ws = (path) => new WebSocket(base.replace("http", "ws") + path);

await story(async () => {
  const socket = await connect();
  for (const [path, status, body] of [
    ["/", 200, "home"],
    ["/login", 200, "please log in"],
    ["/static/note.txt", 200, "a file\n"],
    ["/nowhere", 404, "our own 404"],
    ["/socket.iox", 404, "our own 404"],
    ["/socket.io", 404, "our own 404"],
    ["/SOCKET.IO/", 404, "our own 404"],
  ]) {
    const response = await fetch(base + path);
    assert.deepEqual([response.status, await response.text()], [status, body], path);
  }
  assert.equal((await fetch(`${base}/login`, { method: "DELETE" })).status, 405);

  const own = ws("/ws");
  await next(own, "open");
  own.send("echo");
  assert.equal(String((await next(own, "message"))[0]), "echo");
  own.close();

  // Neither names a transport: the first mistake the specification lists.
  const [, refused] = await next(ws("/socket.io/"), "unexpected-response");
  assert.equal(refused.statusCode, 400);
  const plain = await fetch(`${base}/socket.io/`);
  assert.equal(plain.status, 400);
  assert.deepEqual(await plain.json(), { code: 0, message: "Transport unknown" });
  assert.equal(await socket.emitWithAck("alive"), true);
});
