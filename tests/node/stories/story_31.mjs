// The handshake: the same at connect, in an event later, and in another namespace.
import assert from "node:assert/strict";
import { next, open, pause, settled, story, transport } from "../lib/story.mjs";

await story(async () => {
  const extra = {
    auth: { token: "abcd", deep: { n: 1 } },
    query: { room: "a b&c", "x-y": "é" },
    extraHeaders: { "user-agent": "story/31", "x-client": "node", origin: "http://127.0.0.1" },
  };
  const before = Date.now();
  const socket = open("/", extra);
  const [atConnect] = await next(socket, "handshake");
  await settled(socket);
  const after = Date.now();

  const { time, url, ...rest } = atConnect;
  assert.deepEqual(rest, {
    agent: "story/31",
    client: "node",
    missing: null,
    room: "a b&c",
    again: "a b&c",
    secure: false,
    xdomain: true,
    key: "é",
    address: "127.0.0.1",
    token: "abcd",
    deep: 1,
    transport: transport === "websocket" ? "websocket" : "polling",
  });
  assert.ok(time >= before - 1000 && time <= after + 1000, `${before} ${time} ${after}`);
  assert.ok(url.startsWith("/socket.io/?"), url);
  assert.equal(new URL(url, "http://any").searchParams.get("EIO"), "4");

  // Later, and over another transport when there was an upgrade.
  await pause(1200);
  assert.deepEqual(await socket.emitWithAck("handshake"), atConnect);

  // Another namespace of the same session has the same request, and an auth payload of its own.
  const other = socket.io.socket("/other", { auth: { token: "other" } });
  const [there] = await next(other, "handshake");
  assert.deepEqual(there, { ...atConnect, token: "other", deep: null });
});
