// The official admin UI: login, all pages, its commands, a reload, read-only, and the same page from another origin.
import assert from "node:assert/strict";
import { Admin } from "../lib/admin.mjs";
import { launch } from "../lib/browser.mjs";
import { ask, base, collect, connect, connectMany, next, open, story, until } from "../lib/story.mjs";

/** Compares what the page shows with what the server says, until both agree. */
async function agree(read, expected, what) {
  let shown, told;
  const same = async () => {
    told = expected(await ask("server"));
    shown = await read();
    return JSON.stringify(shown) === JSON.stringify(told);
  };
  await until(same, what).catch(() => assert.deepEqual(shown, told, what));
}

const percent = (part, whole) => (whole === 0 ? "0 %" : `${((100 * part) / whole).toFixed(1)} %`);

async function dashboard(admin) {
  const clients = ({ sessions, polling }) => [
    ["WebSocket", `${sessions - polling} ${percent(sessions - polling, sessions)}`],
    ["HTTP long-polling", `${polling} ${percent(polling, sessions)}`],
  ];
  const body = async (title) => (await admin.rows(admin.card(title))).filter((row) => row.length > 0);
  await agree(() => body("Clients"), clients, "clients by transport");
  await agree(() => body("Servers"), () => [["HEALTHY", "1 100.0 %"], ["UNHEALTHY", "0 0.0 %"]], "healthy servers");
  const namespaces = ({ namespaces }) => namespaces.map(({ name, sockets }) => [name, String(sockets)]);
  await agree(() => body("Namespaces"), namespaces, "sockets by namespace");
}

const inNamespace = (namespace) => ({ sockets }) => sockets.filter((socket) => socket.namespace === namespace);

async function lists(admin) {
  await admin.go("Sockets");
  for (const namespace of ["/chat", "/"]) {
    await admin.choose(namespace);
    const ids = (server) => inNamespace(namespace)(server).map(({ id }) => id).sort();
    await agree(async () => (await admin.rows()).map(([id]) => id).sort(), ids, `sockets of ${namespace}`);
    assert.ok((await admin.rows()).every(([, address]) => address === "127.0.0.1"));
  }
  await admin.screenshot("sockets");

  await admin.go("Rooms");
  const rooms = (server) => [["lobby", "PUBLIC", String(inNamespace("/")(server).length)]];
  await agree(async () => (await admin.rows()).map((row) => row.slice(0, 3)), rooms, "rooms");
  await admin.screenshot("rooms");

  await admin.go("Clients");
  const counts = ({ sessions }) => ({ sessions, distinct: sessions });
  const shown = async () => {
    const rows = await admin.rows();
    return { sessions: rows.length, distinct: new Set(rows.map(([id]) => id)).size };
  };
  await agree(shown, counts, "clients");
  await admin.screenshot("clients");

  await admin.go("Servers");
  const line = ({ sessions }) => ["the only one", String(sessions), "HEALTHY"];
  await agree(async () => (await admin.rows()).map((row) => [row[0], row[4], row[6]])[0], line, "servers");
  await admin.screenshot("servers");
}

async function events(admin, client) {
  await admin.go("Events");
  await client.emitWithAck("echo", "to be seen");
  await ask("say", "hello");
  const shown = async () => (await admin.rows()).filter(([, id]) => id === client.id).map((row) => row.slice(2, 4));
  await until(async () => (await shown()).length === 2, "both events");
  const expected = [["Event received", "Event name: echo"], ["Event sent", "Event name: said"]];
  assert.deepEqual((await shown()).sort(), expected);
  // The argument, in the details of the row.
  await admin.row("echo").locator("button").click();
  await admin.main.getByText("to be seen").waitFor();
  await admin.screenshot("events");
}

async function commands(admin, [one, two]) {
  const roomsOf = async (id) => (await ask("server")).sockets.find((socket) => socket.id === id)?.rooms.sort();
  const isIn = (client, rooms) =>
    until(async () => JSON.stringify(await roomsOf(client.id)) === JSON.stringify([client.id, ...rooms].sort()), rooms);

  await admin.openSocket("/", one.id);
  await admin.join("vip");
  await isIn(one, ["lobby", "vip"]);
  await admin.card("Rooms").locator("tr", { hasText: "vip" }).waitFor();
  await admin.screenshot("socket");
  await admin.card("Rooms").locator("tr", { hasText: "vip" }).locator("button").click();
  await isIn(one, ["lobby"]);
  await admin.card("Rooms").locator("tr", { hasText: "vip" }).waitFor({ state: "detached" });

  // This version of the UI offers no button for an emit, so the same session asks for it by hand.
  const sessionId = await admin.page.evaluate(() => localStorage.getItem("session_id"));
  const hand = await connect("/admin", { auth: { sessionId } });
  const heard = [one, two].map((client) => collect(client, "from the admin"));
  hand.emit("emit", "/", one.id, "from the admin", 1, { x: 2 });
  hand.emit("emit", "/", null, "from the admin");
  await until(() => heard[0].length === 2 && heard[1].length === 1);
  assert.deepEqual(heard, [[[1, { x: 2 }], []], [[]]]);
  hand.disconnect();

  // One socket, then a whole client, from their lists. A client forgets its id when it is thrown out.
  const [first, second] = [one.id, two.id];
  const gone = next(one, "disconnect");
  await admin.go("Sockets");
  await admin.row(first).locator("button").click();
  assert.equal((await gone)[0], "io server disconnect");
  // The click has opened the details too.
  await admin.card("Details").getByText("disconnected").first().waitFor();
  await admin.go("Sockets");
  await admin.row(second).locator("td").first().click();
  await admin.card("Details").getByText(second).waitFor();
  const closed = next(two, "disconnect");
  await admin.card("Details").locator("tr", { hasText: "Status" }).first().locator("button").click();
  assert.equal((await closed)[0], "io server disconnect");
  await until(async () => !(await ask("server")).sockets.some(({ id }) => [first, second].includes(id)));
}

async function readOnly(browser, client) {
  const admin = await Admin.arrive(browser, `${base}/admin/`);
  await admin.login(base, { namespace: "/look" });
  await admin.connected();
  await admin.go("Sockets");
  await admin.row(client.id).waitFor();
  assert.equal(await admin.row(client.id).locator("button").count(), 0, "disconnecting is not offered");
  await admin.openSocket("/", client.id);
  const before = (await ask("server")).sockets;
  // The form is there all the same, and has no effect.
  await admin.join("vip");
  const sessionId = await admin.page.evaluate(() => localStorage.getItem("session_id"));
  const hand = await connect("/look", { auth: { sessionId } });
  hand.emit("join", "/", "vip");
  hand.emit("emit", "/", null, "from the admin");
  hand.emit("_disconnect", "/", true);
  // Answered behind them: what had an effect would have had it.
  const silent = collect(client, "from the admin");
  await client.emitWithAck("echo", "still there");
  hand.disconnect();
  await until(async () => JSON.stringify((await ask("server")).sockets) === JSON.stringify(before), "nothing changed");
  assert.deepEqual(silent, []);
  assert.deepEqual(admin.complaints, []);
  await admin.page.context().close();
}

await story(async () => {
  const clients = await connectMany(3);
  await connect("/chat");
  await next(open("/chat", { transports: ["polling"] }), "connect");
  const { host } = new URL(base);
  const browser = await launch({ "ui.test:80": host, "chat.test:80": host });

  const admin = await Admin.arrive(browser, `${base}/admin`);
  assert.ok(admin.page.url().startsWith(`${base}/admin/`));
  await admin.login(base, { password: "wrong" });
  await admin.form().getByText("Invalid credentials").waitFor();
  await admin.page.getByLabel("Password").fill("changeit");
  await admin.page.getByRole("button", { name: "Connect" }).click();
  await admin.connected();
  await dashboard(admin);
  await admin.screenshot("dashboard");
  await lists(admin);
  await events(admin, clients[2]);
  await commands(admin, clients);

  // No new login after a reload.
  await admin.page.reload();
  await admin.connected();
  assert.equal(await admin.form().count(), 0);
  await admin.go("Dashboard");
  await dashboard(admin);
  assert.deepEqual(admin.complaints, []);
  assert.deepEqual([...admin.hosts], [host], "nobody else is asked for anything");
  await admin.page.context().close();

  await readOnly(browser, clients[2]);

  const elsewhere = await Admin.arrive(browser, "http://ui.test/admin/");
  await elsewhere.login("http://chat.test");
  await elsewhere.connected();
  await dashboard(elsewhere);
  await elsewhere.page.reload();
  await elsewhere.connected();
  await dashboard(elsewhere);
  assert.deepEqual(elsewhere.complaints, []);
  await browser.close();
});
