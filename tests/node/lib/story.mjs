// What every story uses: a client on the transport under test, waiting with a limit, and a line to the Rust side.
//
// The Rust harness starts a script with BASE (the server), TRANSPORT (polling, websocket or upgrade) and CLIENT (the
// package to use). A script prints nothing but its failures; standard output carries the questions of `ask`.

import { createInterface } from "node:readline";

export const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] };
const patience = 10_000;

export const base = process.env.BASE;
export const transport = process.env.TRANSPORT;
export const { io, Manager } = await import(process.env.CLIENT ?? "socket.io-client");

const opened = new Set();

/** Options of a client on the transport under test, with a connection of its own that stays closed when it closes. */
export function options(extra = {}) {
  return { transports: transports[transport], forceNew: true, reconnection: false, ...extra };
}

/** A socket that is on its way: register handlers, then await `settled(socket)`. */
export function open(namespace = "/", extra = {}) {
  const socket = io(base + (namespace === "/" ? "" : namespace), options(extra));
  opened.add(socket);
  return socket;
}

/** Resolves when the socket is connected, and the upgrade, when one is due, has happened. */
export async function settled(socket) {
  if (!socket.connected) {
    await new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error("not connected in time")), patience);
      const done = (settle) => (value) => {
        clearTimeout(limit);
        socket.off("connect", onConnect).off("connect_error", onError);
        settle(value);
      };
      const onConnect = done(resolve);
      const onError = done(reject);
      socket.on("connect", onConnect).on("connect_error", onError);
    });
  }
  await upgraded(socket);
  return socket;
}

/** On the transport `upgrade`, resolves when the session has left polling. */
export async function upgraded(socket) {
  const engine = socket.io.engine;
  if (transport === "upgrade" && engine.transport.name !== "websocket") {
    await within(new Promise((resolve) => engine.once("upgrade", resolve)), "no upgrade");
  }
}

/** A connected socket. */
export const connect = (namespace, extra) => settled(open(namespace, extra));

/** Several connected sockets, each with a connection of its own. */
export const connectMany = (count, namespace, extra) =>
  Promise.all(Array.from({ length: count }, () => connect(namespace, extra)));

/** The arguments of the next such event. */
export function next(socket, event) {
  const waits = new Promise((resolve) => socket.once(event, (...args) => resolve(args)));
  return within(waits, `no \`${event}\``);
}

/** A list that grows by the arguments of each such event. */
export function collect(socket, event) {
  const seen = [];
  socket.on(event, (...args) => seen.push(args));
  return seen;
}

/** The promise, but not for ever. */
export function within(promise, complaint, ms = patience) {
  let limit;
  const late = new Promise((_, reject) => {
    limit = setTimeout(() => reject(new Error(`${complaint} in ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(limit));
}

/** Resolves when the condition holds; it is looked at every few milliseconds. */
export async function until(condition, complaint = String(condition)) {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never: ${complaint}`);
    await pause(5);
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const answers = [];
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => answers.shift()?.(JSON.parse(line)));

/** Asks the Rust side and resolves with its answer; questions are answered in order. */
export function ask(question, value = null) {
  const answered = new Promise((resolve) => answers.push(resolve));
  process.stdout.write(`${JSON.stringify({ question, value })}\n`);
  return within(answered, `no answer to \`${question}\``, 30_000);
}

/**
 * Resolves when every socket has seen an event that the server emitted just now to the whole namespace. Since a socket
 * sees events in order, whatever was emitted before has arrived, and what has not arrived never will.
 */
export async function fence(...sockets) {
  const seen = sockets.map((socket) => next(socket, "fence"));
  const namespaces = new Set(sockets.map((socket) => socket.nsp));
  for (const namespace of namespaces) await ask("fence", namespace);
  await Promise.all(seen);
}

/** What handlers noted down on the server, so far. */
export const notes = () => ask("notes");

/** Waits until the server has noted this. */
export const noted = (note) => until(async () => (await notes()).includes(note), `the server notes ${note}`);

/** Runs a story; its failure ends the process with code 1. */
export async function story(run) {
  try {
    await run();
    for (const socket of opened) socket.disconnect();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exit(1);
  }
}
