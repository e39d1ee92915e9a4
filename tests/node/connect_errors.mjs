// Every `connect_error` of docs/for-the-front-end.md, as a stock client meets it.
import assert from "node:assert/strict";
import http from "node:http";
import { ask, base, io, next, open, options, settled, story, transport } from "./lib/story.mjs";

const begins = transport === "websocket" ? "websocket error" : "xhr poll error";

/** The error of a namespace, and whether the client tries again. */
async function refusal(namespace, extra) {
  const socket = open(namespace, extra);
  const [error] = await next(socket, "connect_error");
  return { message: error.message, data: error.data, active: socket.active };
}

/** The error of a connection: what the page is told of the answer. */
async function failure(url, extra = {}) {
  const socket = io(url, options({ timeout: 500, ...extra }));
  // The text of the answer is there only while the handler runs.
  const { message, type, description, answer, again } = await new Promise((resolve) => {
    socket.once("connect_error", (error) =>
      resolve({ ...error, message: error.message, answer: error.context?.responseText, again: socket.active }),
    );
  });
  socket.close();
  const told = { message, type, again };
  // A websocket does not say more.
  if (message !== "xhr poll error") return told;
  return { ...told, status: description, answer };
}

/** The same for a status with a JSON body. */
async function answered(url, extra, status, code, message) {
  const answer = JSON.stringify({ code, message });
  const polling = { message: "xhr poll error", type: "TransportError", again: true, status, answer };
  const websocket = { message: "websocket error", type: "TransportError", again: true };
  assert.deepEqual(await failure(url, extra), transport === "websocket" ? websocket : polling);
}

await story(async () => {
  const no = (message, data) => ({ message, data, active: false });
  assert.deepEqual(await refusal("/nowhere"), no("Invalid namespace", undefined));
  assert.deepEqual(await refusal("/refused"), no("Unauthorized", { code: "token_missing" }));
  assert.deepEqual(await refusal("/bare"), no("Not today", undefined));
  assert.deepEqual(await refusal("/status"), no("Forbidden", { status: 403, body: "" }));
  assert.deepEqual(await refusal("/slow"), no("admission timed out", undefined));
  assert.deepEqual(await refusal("/broken"), no("internal error", undefined));
  const auth = { text: "x".repeat(3_000) };
  const first = await settled(open("/", { auth }));
  const [large] = await next(first.io.socket("/second", { auth }), "connect_error");
  assert.equal(large.message, "Auth payload too large");
  first.io.engine.close();

  await answered(base, { extraHeaders: { "x-banned": "1" } }, 403, 4, "you are banned");
  await answered(base, { extraHeaders: { origin: "https://evil.example", cookie: "a=1" } }, 403, 4, "Origin not allowed");
  // The file of another path's server, so to speak: the application's own 404.
  const lost = await failure(base, { path: "/elsewhere/" });
  assert.equal(lost.message, begins);
  if (transport !== "websocket") assert.equal(lost.status, 404);

  const dead = http.createServer();
  await new Promise((resolve) => dead.listen(0, "127.0.0.1", resolve));
  const { port } = dead.address();
  await new Promise((resolve) => dead.close(resolve));
  const nobody = await failure(`http://127.0.0.1:${port}`);
  assert.deepEqual([nobody.message, nobody.again], [begins, true]);
  if (transport !== "websocket") assert.equal(nobody.status, 0);

  // It accepts, and says nothing.
  await ask("network", "frozen");
  assert.deepEqual((await failure(base)).message, "timeout");
  await ask("network", "works");

  if (transport !== "websocket") {
    const codes = [
      ["EIO=4&transport=tobi", 0, "Transport unknown"],
      ["EIO=4&transport=polling&sid=gone", 1, "Session ID unknown"],
      ["EIO=4&transport=websocket", 3, "Bad request"],
      ["EIO=3&transport=polling", 5, "Unsupported protocol version"],
    ];
    for (const [query, code, message] of codes) {
      const response = await fetch(`${base}/socket.io/?${query}`);
      assert.deepEqual([response.status, await response.json()], [400, { code, message }]);
    }
  }

  await ask("fill");
  const full = await failure(base);
  assert.deepEqual([full.message, full.again], [begins, true]);
  if (transport !== "websocket") assert.equal(full.status, 503);
});
