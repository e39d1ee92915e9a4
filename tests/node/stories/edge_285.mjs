// The client's option `retries`: one packet at a time, in order, sent again until it has an answer.
import assert from "node:assert/strict";
import { ask, notes, open, settled, story, until } from "../lib/story.mjs";

await story(async () => {
  const reconnecting = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 };
  const socket = open("/", { ...reconnecting, retries: 10, ackTimeout: 400 });
  const answers = [];
  const say = (id) => socket.emit("message", { id }, (error, reply) => answers.push(error ? error.message : reply));
  // Not drained while offline, and in order afterwards.
  say("a");
  say("slow");
  say("c");
  await settled(socket);
  await until(() => answers.length === 3);
  assert.deepEqual(answers, ["a 1", "slow 1", "c 1"]);
  // `slow` took longer than the client waits, which sent it again; it was handled once.
  const handled = (await notes()).filter((note) => note !== "came");
  assert.deepEqual(handled, ["a", "slow", "c"]);
  // A connection that is lost before the answer has come.
  await ask("network", "frozen");
  say("d");
  await ask("network", "cut");
  await ask("network", "works");
  await until(() => answers.length === 4);
  assert.deepEqual(answers[3], "d 1");
});
