// The official admin UI in a browser, as an admin uses it.

import { fileURLToPath } from "node:url";
import { mkdirSync } from "node:fs";
import { until } from "./story.mjs";

const screenshots = fileURLToPath(new URL("../../../target/screenshots/", import.meta.url));

/** An admin in front of the page, with a browser profile of their own. */
export class Admin {
  /** Opens the page. */
  static async arrive(browser, address) {
    const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
    const admin = new Admin(await context.newPage());
    await admin.page.goto(address);
    return admin;
  }

  /** Whatever the page or the browser complained about. Hints of the browser's own tools (`verbose`) are none. */
  complaints = [];
  /** The hosts that the browser asked for something. */
  hosts = new Set();

  constructor(page) {
    this.page = page;
    this.main = page.locator("main");
    page.on("console", (message) => {
      if (["error", "warning", "assert"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("requestfailed", (request) => {
      // A poll that waits when the page is left is given up, and that is no fault.
      if (!request.url().includes("/socket.io/")) this.complaints.push(`failed: ${request.url()}`);
    });
    page.on("request", (request) => this.hosts.add(new URL(request.url()).host));
  }

  /** Fills in the form and sends it; `namespace` is one of its advanced options. */
  async login(server, { password = "changeit", namespace } = {}) {
    await this.page.getByLabel("Server URL").fill(server);
    await this.page.getByLabel("Username").fill("admin");
    await this.page.getByLabel("Password").fill(password);
    if (namespace) {
      await this.page.locator("label", { hasText: "Advanced options" }).click();
      await this.page.getByLabel("Admin namespace").fill(namespace);
    }
    await this.page.getByRole("button", { name: "Connect" }).click();
  }

  form = () => this.page.locator("form", { hasText: "Server URL" });
  connected = () => until(async () => /connected/i.test(await this.status()), "the page says `connected`");
  status = async () => {
    const text = (await this.page.locator("header .v-chip:visible").first().innerText()).trim();
    return /disconnected/i.test(text) ? "" : text;
  };

  async go(name) {
    await this.page.locator("nav").getByText(name, { exact: true }).click();
    // The old page stays for a moment.
    const titles = () => this.main.locator(".v-breadcrumbs").allInnerTexts();
    await until(async () => (await titles()).map((title) => title.trim()).join() === name, name);
  }

  /** Lets the page show another namespace. */
  async choose(namespace) {
    await this.main.locator(".v-select__slot", { hasText: "Select namespace" }).click();
    await this.page.locator(".v-menu__content:visible .v-list-item").getByText(namespace, { exact: true }).click();
  }

  /** A row of the table that holds this text. */
  row = (text) => this.main.locator("tbody tr", { hasText: text });

  /** The cells of all rows, trimmed. */
  async rows(table = this.main) {
    const rows = await table.locator("tbody tr").all();
    const cells = rows.map((row) => row.locator("td").allInnerTexts());
    return (await Promise.all(cells)).map((row) => row.map((cell) => cell.trim().replace(/\s+/g, " ")));
  }

  card = (title) => this.main.locator(".v-card", { has: this.page.locator(".v-card__title", { hasText: title }) });

  /** Opens the details of a socket. */
  async openSocket(namespace, id) {
    const hash = `#/n/${encodeURIComponent(namespace)}/sockets/${id}`;
    await this.page.evaluate((hash) => (location.hash = hash), hash);
    await this.main.getByText("Socket details").waitFor();
  }

  async join(room) {
    await this.page.getByLabel("Join a room").fill(room);
    await this.card("Rooms").locator("button[type=submit]").click();
  }

  /** Keeps what it looks like. */
  async screenshot(name) {
    mkdirSync(screenshots, { recursive: true });
    // Charts move into place.
    await this.page.waitForTimeout(1000);
    await this.page.screenshot({ path: `${screenshots}admin-${name}.png` });
  }
}
