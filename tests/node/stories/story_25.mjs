// Three namespaces on one connection.
import assert from "node:assert/strict";
import { ask, collect, connect, fence, settled, story } from "../lib/story.mjs";

await story(async () => {
  const main = await connect();
  const chat = main.io.socket("/chat");
  const admin = main.io.socket("/admin");
  const sockets = [main, chat, admin];
  const welcomes = sockets.map((socket) => collect(socket, "admin-welcome"));
  await Promise.all([settled(chat), settled(admin)]);

  assert.deepEqual(await Promise.all(sockets.map((socket) => socket.emitWithAck("where"))), ["/", "/chat", "/admin"]);
  assert.equal(new Set(sockets.map((socket) => socket.id)).size, 3);
  assert.equal(await ask("sessions"), 1);

  await chat.emitWithAck("join", "room1");
  assert.deepEqual(await main.emitWithAck("rooms"), [main.id]);
  const news = sockets.map((socket) => collect(socket, "news"));
  await ask("chat-news");
  await ask("chat-news-to", "room1");
  await ask("main-news-to", "room1");
  await fence(...sockets);
  assert.deepEqual(news.map((list) => list.length), [0, 2, 0]);
  assert.deepEqual(welcomes.map((list) => list.length), [0, 0, 1]);
});
