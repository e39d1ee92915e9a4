// A dashboard of one's own: what its routes say of clients, and what they do to them.
import assert from "node:assert/strict";
import { base, collect, connect, next, story, transport, until } from "../lib/story.mjs";

const authorization = `Basic ${btoa("admin:changeit")}`;

async function ask(path, { method = "GET", body } = {}) {
  const headers = { authorization, "content-type": "application/json" };
  const response = await fetch(`${base}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  return response.ok && text ? JSON.parse(text) : response.status;
}

/** The live log, as the lines come. */
async function follow() {
  const response = await fetch(`${base}/api/log`, { headers: { authorization } });
  const lines = [];
  (async () => {
    let rest = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split("\n\n");
      rest = parts.pop();
      lines.push(...parts.filter((part) => part.startsWith("data:")).map((part) => JSON.parse(part.slice(5))));
    }
  })().catch(() => {});
  return lines;
}

await story(async () => {
  for (const [path, method] of [["/", "GET"], ["/api/sockets", "GET"], ["/api/rooms", "GET"], ["/api/log", "GET"], ["/api/emit", "POST"], ["/api/sockets/x", "DELETE"]]) {
    const stranger = await fetch(`${base}${path}`, { method });
    assert.equal(stranger.status, 401, path);
  }
  const log = await follow();
  const before = Date.now();
  const [ada, bob] = [await connect(), await connect("/news")];
  assert.equal(await ada.emitWithAck("name", "ada"), true);
  assert.equal(await ada.emitWithAck("join", "lobby"), true);

  const find = async (id) => (await ask("/api/sockets")).find((socket) => socket.id === id);
  // The first heartbeat comes after two seconds.
  await until(async () => (await find(ada.id)).latency !== null, "a latency");
  const { since, latency, ...shown } = await find(ada.id);
  assert.ok(since >= before - 1000 && since <= Date.now(), `since ${since}`);
  assert.ok(latency > 0 && latency < 5000, `latency ${latency}`);
  shown.rooms.sort();
  assert.deepEqual(shown, {
    id: ada.id,
    namespace: "/",
    rooms: [ada.id, "lobby"].sort(),
    address: "127.0.0.1",
    data: { name: "ada" },
    transport: transport === "polling" ? "polling" : "websocket",
  });
  assert.equal((await find(bob.id)).namespace, "/news");
  assert.deepEqual(await ask("/api/rooms"), [{ namespace: "/", name: "lobby", sockets: [ada.id] }]);

  // To one, to a room, to all of a namespace; and what cannot be.
  const heard = [collect(ada, "told"), collect(bob, "told")];
  const emit = (body) => ask("/api/emit", { method: "POST", body: { event: "told", ...body } });
  assert.equal(await emit({ namespace: "/", to: ada.id, data: { n: 1 } }), 204);
  assert.equal(await emit({ namespace: "/", to: "lobby", data: 2 }), 204);
  assert.equal(await emit({ namespace: "/news", data: [3] }), 204);
  assert.equal(await emit({ namespace: "/nowhere", data: 4 }), 400);
  assert.equal(await emit({ namespace: "/", event: "connect", data: 5 }), 400);
  await until(() => heard[0].length === 2 && heard[1].length === 1);
  assert.deepEqual(heard, [[[{ n: 1 }], [2]], [[[3]]]]);

  const gone = next(ada, "disconnect");
  const { id } = ada;
  assert.equal(await ask(`/api/sockets/${id}`, { method: "DELETE" }), 204);
  assert.equal((await gone)[0], "io server disconnect");
  assert.equal(await ask(`/api/sockets/${id}`, { method: "DELETE" }), 404);
  assert.ok(bob.connected);

  await until(() => log.some(({ what, socket }) => what === "disconnected" && socket === id));
  const told = log.filter(({ socket }) => socket === id).map(({ what }) => what);
  for (const what of ["connected", "joined", "received", "sent", "left", "disconnected"]) {
    assert.ok(told.includes(what), `${what} is in the log: ${told}`);
  }
});
