/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Test the playground in headless Chromium, in the build folder (make
 * check-playground).  CHROMIUM is the browser.  The folder playground of the
 * build must have playwright-core, a package of npm.
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

function need(found, what) {
	if (!found) {
		console.error("check-playground needs " + what);
		process.exit(1);
	}
	return found;
}

function playwright() {
	try {
		return createRequire(resolve("playground/x"))("playwright-core");
	} catch {
		return need(null, "playwright-core (npm install --prefix " +
		    "playground playwright-core)");
	}
}

const { chromium } = playwright();
const executablePath = need([process.env.CHROMIUM, "/usr/bin/chromium",
	"/usr/bin/google-chrome"].find((path) => path && existsSync(path)),
"chromium (Debian: apt-get install chromium)");
const site = "file://" + resolve("site");
const page_of = site + "/playground/index.html";
const scratch = mkdtempSync(join(tmpdir(), "playground-"));
let failed = 0;
let count = 0;

function check(what, good, shown) {
	count++;
	if (good)
		return;
	failed++;
	console.log("not ok: " + what + (shown === undefined ? "" :
		": " + JSON.stringify(shown).slice(0, 500)));
}

const browser = await chromium.launch({ executablePath,
	args: ["--no-sandbox"] });

async function open(path = page_of, options = {}) {
	const context = await browser.newContext(options);
	const page = await context.newPage();

	page.setDefaultTimeout(20000);
	page.on("pageerror", (error) => check("no error", false,
	    error.message));
	page.on("console", (message) => check("no message", false,
	    message.text()));
	page.on("request", (request) => check("all is loaded from files",
	    /^(file|blob|data):/.test(request.url()), request.url()));
	await page.goto(path);
	if (path.includes("/playground/"))
		await page.locator("#playground").waitFor();
	return page;
}

const log = (page) => page.locator("#log").evaluate((list) =>
	Array.from(list.children, (one) => one.className + ": " +
	    one.textContent));
const last = async (page) => (await log(page)).at(-1);
const state = (page) => page.locator(".node.lit").evaluateAll((nodes) =>
	nodes.map((node) => node.dataset.state).join());

async function say(page, ...lines) {
	for (const line of lines) {
		await page.fill("#line", line);
		await page.press("#line", "Enter");
	}
}

async function paste(page, text) {
	await page.locator("details").evaluate((one) => { one.open = true; });
	await page.fill("#paste", text);
	await page.click("#send-paste");
}

/* Save a transcript, and have the test suite play it. */
async function play(page, name) {
	const download = page.waitForEvent("download");

	await page.click("#transcript");
	const path = join(scratch, name + ".txt");
	await (await download).saveAs(path);
	try {
		execFileSync("tests/transcript/transcript", [path],
		    { stdio: "pipe" });
		check("the transcript of " + name, true);
	} catch (error) {
		check("the transcript of " + name, false,
		    String(error.stdout) + String(error.stderr));
	}
}

async function test_keyboard() {
	const page = await open();

	check("a greeting", (await last(page)).startsWith(
	    "reply: 220 mx.example.org"), await log(page));
	check("the state START", await state(page) === "START");
	/* The field can be reached with the keyboard alone. */
	for (let i = 0; i < 40 && !await page.locator("#line").evaluate(
	    (one) => one === document.activeElement); i++)
		await page.keyboard.press("Tab");
	await page.keyboard.type("EHLO client.example.net");
	check("the preview has the domain", await page.locator(
	    "#preview .domain").textContent() === "client.example.net");
	await page.keyboard.press("Enter");
	check("the reply to EHLO", /^reply: 250[ -]/.test(await last(page)),
	    await last(page));
	check("the state READY", await state(page) === "READY");
	check("the callback helo", (await log(page)).includes(
	    "call: helo EHLO client.example.net"), await log(page));
	await play(page, "keyboard");
	await page.context().close();
}

async function test_pieces() {
	const page = await open();

	await say(page, "HELO c.example", "MAIL FROM:<bob@.example.org>");
	const entry = page.locator("#log .client").last();
	const text = await entry.textContent();
	check("the caret is under the wrong octet", text.split("\n")[1] ===
	    " ".repeat(15) + "^ 501 5.1.7 Bad sender address syntax", text);
	check("the reply is the same", await last(page) ===
	    "reply: 501 5.1.7 Bad sender address syntax", await last(page));
	await say(page, "MAIL FROM:<a@b.example> SIZE=10",
	    "RCPT TO:<bob@c.example>");
	const rcpt = page.locator("#log .client").last();
	check("a verb", await rcpt.locator(".verb").textContent() === "RCPT");
	check("a local part", await rcpt.locator(".local").textContent() ===
	    "bob");
	check("a domain", await rcpt.locator(".domain").textContent() ===
	    "c.example");
	check("the state RCPT", await state(page) === "RCPT");
	await say(page, "DATA");
	check("the state DATA", await state(page) === "DATA");
	await paste(page, "Subject: x\n\n..\nMAIL FROM:<no command>\n.\n");
	check("the message", (await log(page)).includes("call: data_end"),
	    await log(page));
	await say(page, "QUIT");
	check("the state CLOSED", await state(page) === "CLOSED");
	await play(page, "message");
	await page.context().close();
}

async function test_octets() {
	const page = await open();

	await page.check("input[value=octet]");
	await page.focus("#line");
	await page.keyboard.type("NOOP");
	check("no reply before the end of the line",
	    (await last(page)).startsWith("reply: 220"), await last(page));
	await page.keyboard.press("Enter");
	check("the reply to NOOP", (await last(page)).startsWith("reply: 250"),
	    await last(page));
	await page.check("input[value=raw]");
	await say(page, "EH\\x00LO \\\\\\r\\n");
	check("a NUL", (await last(page)).startsWith("reply: 500"),
	    await last(page));
	await play(page, "octets");
	await say(page, "NOOP\\n");
	check("a bare LF", await state(page) === "CLOSED" ||
	    /^reply: 5/.test(await last(page)), await last(page));
	await play(page, "bare-lf");
	await page.context().close();
}

async function test_early_talk() {
	const page = await open();

	await paste(page, "EHLO c.example\nNOOP\nNOOP\n");
	check("early talk", (await log(page)).some((one) =>
	    one.startsWith("reply: 554 5.5.0")), await log(page));
	await play(page, "early-talk");
	await page.context().close();
}

async function test_tls() {
	const page = await open();

	await page.check("input[name=STARTTLS]");
	await page.check("input[name=PLAIN]");
	await say(page, "EHLO c.example", "STARTTLS");
	check("the state TLS", await state(page) === "TLS", await log(page));
	await page.click("[data-act=tls]");
	check("the state START after TLS", await state(page) === "START");
	await say(page, "EHLO c.example",
	    "AUTH PLAIN " + btoa("\0alice\0secret"));
	check("AUTH", (await last(page)).startsWith("reply: 235"),
	    await log(page));
	await page.click("[data-act=timed_out]");
	check("time out", (await last(page)).startsWith("reply: 421 4.4.2"),
	    await last(page));
	await play(page, "tls");
	await page.context().close();
}

async function test_settings() {
	const page = await open();
	const names = await page.locator("#settings [name]").evaluateAll(
	    (all) => all.map((one) => one.name));
	/* The guide has a row for each limit, as tests/unit/test_manual says. */
	const known = execFileSync("sed", ["-n",
		"s/^| `\\([a-z-]*\\)`.* | [0-9]* | [0-9]* | [0-9]* |.*/\\1/p",
		join(process.env.srcdir, "doc/guide.md")]).toString().split("\n")
	    .filter((name) => name !== "");

	check("the guide has limits", known.length > 12, known);
	for (const name of [...known, "protocol", "bare-newline", "pipelining",
		"syntax", "parameters", "auth", "tls", "received-user",
		"SMTPUTF8", "XCLIENT", "PLAIN", "OAUTHBEARER", "mail", "rcpt",
		"data_end"])
		check("a control for " + name, names.includes(name), names);
	const all = await page.evaluate(() => settings.reduce((sum, one) =>
	    sum + (one.kind === "list" ? one.values.length : 1), 0));
	check("a control for each setting", names.length === all + 3,
	    [names.length, all]);
	await page.selectOption("[name=protocol]", "lmtp");
	await page.fill("[name=recipients]", "100");
	await page.press("[name=recipients]", "Enter");
	await page.selectOption("[name=rcpt]", "NO_MAILBOX");
	await say(page, "LHLO c.example", "MAIL FROM:<a@b.example>",
	    "RCPT TO:<x@b.example>");
	check("the reply of a callback", (await last(page)).startsWith(
	    "reply: 550 5.1.1"), await log(page));
	await play(page, "settings");

	await page.click("#link");
	const link = await page.evaluate(() => location.href);
	const other = await open(link);
	check("a link shows the session", JSON.stringify(await log(other)) ===
	    JSON.stringify(await log(page)), await log(other));
	check("a link has the settings", await other.inputValue(
	    "[name=protocol]") === "lmtp");
	await other.context().close();

	await page.fill("[name=recipients]", "0");
	await page.press("[name=recipients]", "Enter");
	check("a value that is not possible", (await page.textContent("#fault"))
	    .includes("recipients = 0"), await page.textContent("#fault"));
	await page.context().close();
}

async function test_any_octets() {
	const page = await open();
	const files = {
		random: randomBytes(2 << 20),
		lines: Buffer.from("NOOP\r\n".repeat(200000)),
		line: Buffer.alloc(4 << 20, "x"),
		unicode: Buffer.from("\u{1f600}\u0000\r\n<img src=x>".repeat(999)),
	};

	await page.locator("details").evaluate((one) => { one.open = true; });
	for (const [name, buffer] of Object.entries(files)) {
		const begin = Date.now();

		await page.click("#again");
		await page.setInputFiles("#file", { name, buffer,
			mimeType: "application/octet-stream" });
		await page.waitForFunction(() => document.getElementById("file")
		    .value === "");
		check("the page is alive after " + name,
		    await state(page) !== "" && Date.now() - begin < 15000,
		    Date.now() - begin);
	}
	/* A file in a message. */
	await page.click("#again");
	await say(page, "HELO c.example", "MAIL FROM:<a@b.example>",
	    "RCPT TO:<a@b.example>", "DATA");
	await page.setInputFiles("#file", { name: "message",
		mimeType: "text/plain", buffer: Buffer.from(
		    "x\r\n".repeat(300000) + ".\r\n") });
	await page.waitForFunction(() => document.getElementById("file")
	    .value === "");
	check("a long message", await state(page) === "READY",
	    (await log(page)).slice(-2));
	await page.context().close();
}

async function test_links() {
	for (const hash of ["#{", "#%", "#null", "#1", "#[]",
		"#" + encodeURIComponent(JSON.stringify({ given: 1, chosen: [],
			done: [1, [], ["octets"], ["octets", "\u1234"],
				["act", "x"], ["octets", "<img src=x " +
				"onerror=\"document.title='bad'\">\r\n"]] }))]) {
		const page = await open(page_of + hash);

		check("a link that is wrong: " + hash,
		    (await log(page))[0] === "call: connect" &&
		    await page.title() === "Playground", await log(page));
		await page.context().close();
	}
}

async function test_looks() {
	const narrow = { viewport: { width: 360, height: 640 } };

	for (const path of ["index.html", "doc/guide.html", "states.html",
		"doc/benchmarks.html", "reference.html", "playground/index.html",
		"man/mailin_handler.3.html", "man/mailin-server.1.html"]) {
		const page = await open(site + "/" + path, narrow);
		const width = await page.evaluate(() =>
		    document.scrollingElement.scrollWidth);

		check("a narrow screen: " + path, width <= 360, width);
		await page.context().close();
	}
	const colours = [];
	for (const colorScheme of ["light", "dark"]) {
		const page = await open(page_of, { colorScheme });

		colours.push(await page.evaluate(() =>
		    getComputedStyle(document.body).backgroundColor));
		await page.context().close();
	}
	check("dark colours", colours[0] !== colours[1], colours);
	const page = await open(site + "/doc/guide.html",
	    { javaScriptEnabled: false });
	check("without JavaScript", (await page.textContent("main"))
	    .includes("The loop"));
	await page.context().close();
}

try {
	await test_keyboard();
	await test_pieces();
	await test_octets();
	await test_early_talk();
	await test_tls();
	await test_settings();
	await test_any_octets();
	await test_links();
	await test_looks();
} finally {
	await browser.close();
	rmSync(scratch, { recursive: true });
}
console.log(count - failed + " of " + count + " checks passed");
process.exit(failed === 0 ? 0 : 1);
