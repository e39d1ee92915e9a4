// https and wss from a page of another site: polling goes over HTTP/2, and the cookies that the login set come back.
import assert from "node:assert/strict";
import { emptyPages, launchWithForeignCookies, visit } from "../lib/browser.mjs";
import { base, notes, story, transport, transports } from "../lib/story.mjs";

/** Inside the page: more than a window of HTTP/2 each way, and a burst of events. */
async function talk({ server, transports, withCredentials }) {
  const socket = globalThis.io(server, { transports, withCredentials, forceNew: true, reconnection: false });
  const numbers = [];
  socket.on("number", (number) => numbers.push(number));
  const text = await socket.timeout(10_000).emitWithAck("echo", "x".repeat(300_000));
  await socket.timeout(10_000).emitWithAck("count", 200);
  socket.disconnect();
  return { echoed: text.length, numbers };
}

await story(async () => {
  const browser = await launchWithForeignCookies({ "pages.test:80": await emptyPages() }, { ignoreHTTPSErrors: true });
  const server = base.replace("127.0.0.1", "localhost");
  const options = { server, transports: transports[transport], withCredentials: true, event: "who" };
  const page = await browser.newPage();
  await page.goto("http://pages.test/");

  assert.equal((await page.evaluate(visit, options)).failure, "who are you?");
  const status = await page.evaluate(async (server) => {
    const response = await fetch(`${server}/login`, { method: "POST", credentials: "include" });
    return response.status;
  }, server);
  assert.equal(status, 200);

  const before = (await notes()).length;
  const visited = await page.evaluate(visit, options);
  assert.deepEqual(visited, { answer: "ada", transport: transport === "polling" ? "polling" : "websocket" });
  const each = { polling: "HTTP/2.0 polling theme=dark user=ada", websocket: "HTTP/1.1 websocket theme=dark user=ada" };
  assert.deepEqual(
    [...new Set((await notes()).slice(before))].sort(),
    transports[transport].map((name) => each[name]).sort(),
  );
  const numbers = Array.from({ length: 200 }, (_, number) => number);
  assert.deepEqual(await page.evaluate(talk, options), { echoed: 300_000, numbers });

  // The browser's own word for it; websockets are not in its list.
  const protocols = await page.evaluate(() => {
    const requests = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/socket.io/"));
    return [...new Set(requests.map(({ nextHopProtocol }) => nextHopProtocol))];
  });
  assert.deepEqual(protocols, transport === "websocket" ? [] : ["h2"]);
  await browser.close();
});
