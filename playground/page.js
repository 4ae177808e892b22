/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
"use strict";

/* The most entries of the log, and octets of an entry, that are shown. */
const ENTRIES_MOST = 1000;
const OCTETS_MOST = 2000;
/* The longest link. */
const LINK_MOST = 30000;
const CHOICES = ["mail", "rcpt", "data_end"];
const HOST = "mx.example.org";

let library;
let settings = [];
let given = {};         /* settings that differ from their default */
let chosen = {};        /* the reply of each decision, by name */
let steps = [];         /* what was done: [kind, text, said, error] */
let open_line = "";     /* octets since the last LF */
let line_state = "";    /* the state at their beginning */
let entries = 0;

function at(id) {
	return document.getElementById(id);
}

function element(name, text, kind) {
	const made = document.createElement(name);

	if (text !== undefined)
		made.textContent = text;
	if (kind !== undefined)
		made.className = kind;
	return made;
}

/* ---- The log ------------------------------------------------------------ */

function cut(text) {
	return text.length <= OCTETS_MOST ? text : text.slice(0, OCTETS_MOST) +
	    " ... (" + text.length + " octets)";
}

function log(kind, ...parts) {
	entries++;
	if (entries > ENTRIES_MOST) {
		if (entries === ENTRIES_MOST + 1)
			at("log").append(element("li", "", "more"));
		at("log").lastChild.textContent = "... and " +
		    (entries - ENTRIES_MOST) + " more";
		return;
	}
	const entry = element("li", undefined, kind);
	entry.append(...parts);
	at("log").append(entry);
}

/* Returns the elements that show a line: its pieces in colours, and below them a
 * caret under the first wrong octet. */
function coloured(line, parsed) {
	const shown = line.slice(0, OCTETS_MOST);
	const kinds = new Array(shown.length).fill("");
	const parts = [];
	let before = 0;

	for (const piece of parsed.pieces)
		kinds.fill(piece.kind, piece.at, piece.at + piece.len);
	for (let end = 0; end < shown.length;) {
		const begin = end;

		while (end < shown.length && kinds[end] === kinds[begin])
			end++;
		parts.push(element("span",
		    escapeOctets(shown.slice(begin, end)), kinds[begin]));
	}
	if (shown.length < line.length)
		parts.push(" ... (" + line.length + " octets)");
	if (parsed.reply !== "" && parsed.at <= shown.length) {
		before = escapeOctets(shown.slice(0, parsed.at)).length;
		parts.push(element("span", "\n" + " ".repeat(before) + "^ " +
		    parsed.reply, "bad"));
	}
	return parts;
}

function is_relaxed() {
	return given.syntax === "relaxed";
}

function log_line() {
	const line = open_line.replace(/\r\n$/, "");

	if (/^(DATA|CHUNKS|CHUNKS-FAILED|AUTH|PROXY|CLOSED)$/.test(line_state))
		log("client", cut(escapeOctets(line)));
	else if (line.length > 65536 || !open_line.endsWith("\r\n"))
		log("client", cut(escapeOctets(open_line)));
	else
		log("client", ...coloured(line,
		    library.pieces(open_line, is_relaxed())));
	open_line = "";
}

function log_called() {
	for (const call of library.called())
		log("call", cut(call));
}

function log_output(octets) {
	for (const line of octets.split("\r\n").slice(0, -1))
		log("reply", escapeOctets(line));
}

function show() {
	const state = library.state();

	at("want").textContent = library.want();
	at("state").textContent = state;
	for (const node of document.querySelectorAll(".node")) {
		const lit = node.dataset.state === state;

		node.classList.toggle("lit", lit);
		if (lit)
			node.classList.add("was");
	}
	for (const button of document.querySelectorAll("[data-act^=tls]"))
		button.disabled = library.want() !== "TLS";
	at("log").scrollTop = at("log").scrollHeight;
	if (open_line.length > 0)
		at("preview").textContent = cut(escapeOctets(open_line));
}

/* ---- What the client and the application do ------------------------------ */

/* Record a step.  Octets that follow octets without a reply belong to the same
 * step. */
function note(kind, text, said, error) {
	const last = steps[steps.length - 1];

	if (kind === "octets" && last !== undefined && last[0] === kind &&
	    last[2] === "") {
		last[1] += text;
		last[2] = said;
	} else {
		steps.push([kind, text, said, error]);
	}
}

/* Offer octets to the session, and return those that it has not taken.  Each
 * line is offered alone, to see the state in which it begins. */
function offer(octets) {
	while (octets.length > 0 && library.want() === "INPUT") {
		const end = octets.indexOf("\n") + 1 || octets.length;
		const piece = octets.slice(0, Math.min(end, 65536));

		if (open_line === "")
			line_state = library.state();
		const taken = library.feed(piece);
		if (open_line.length <= 65536)
			open_line += piece.slice(0, taken);
		octets = octets.slice(taken);
		if (taken === piece.length && piece.endsWith("\n"))
			log_line();
		log_called();
		if (taken === 0)
			break;
	}
	return octets;
}

/* Octets in clear after STARTTLS end the session, so they are offered, too. */
function offer_all(octets) {
	let said = "";

	do {
		const before = octets.length;

		octets = offer(octets);
		if (library.want() === "TLS" && octets.length > 0)
			octets = octets.slice(library.feed(octets) ||
			    octets.length);
		const more = library.output();
		log_called();
		said += more;
		if (octets.length === before && more === "")
			break;
	} while (octets.length > 0);
	return said;
}

function send(octets) {
	if (octets === "")
		return;
	if (library.want() === "CLOSE") {
		fault("The session has ended: begin a new one.");
		return;
	}
	const said = offer_all(octets);

	if (library.want() === "CLOSE" && open_line !== "")
		log_line();
	log_output(said);
	note("octets", octets, said, "");
	show();
}

function act(name) {
	const error = library.act(name);
	const said = library.output();

	log("call", "! " + name + (error !== "" ? " = " + error : ""));
	if (open_line !== "" && library.want() === "CLOSE")
		log_line();
	log_called();
	log_output(said);
	note("act", name, said, error);
	show();
}

/* Begin a session with the settings. */
function begin() {
	fault("");
	at("log").replaceChildren();
	at("made").textContent = "";
	at("preview").textContent = "";
	for (const node of document.querySelectorAll(".node"))
		node.classList.remove("was");
	entries = 0;
	steps = [];
	open_line = "";
	library.calls.begin();
	for (const [name, value] of Object.entries(given)) {
		const error = library.set(name, value);

		if (error !== "") {
			delete given[name];
			fault(name + " = " + value + " is not possible: " + error);
		}
	}
	const replies = library.replies();
	CHOICES.forEach((name, number) => {
		const reply = replies.find((one) => one.name === chosen[name]);

		if (reply === undefined)
			delete chosen[name];
		else
			library.calls.choose(number, reply.number);
	});
	library.calls.open();
	const said = library.output();

	log_called();
	log_output(said);
	steps.push(["begin", "", said, ""]);
	show();
}

function fault(text) {
	at("fault").textContent = text;
	at("fault").hidden = text === "";
}

/* ---- Settings ------------------------------------------------------------ */

function change(name, value, initial) {
	if (value === initial)
		delete given[name];
	else
		given[name] = value;
	begin();
}

function limit_control(setting) {
	const input = element("input");

	input.type = "number";
	input.min = setting.minimum;
	input.max = setting.maximum;
	input.value = given[setting.name] ?? setting.initial;
	input.addEventListener("change", () => {
		change(setting.name, input.value, setting.initial);
		input.value = given[setting.name] ?? setting.initial;
	});
	return input;
}

function select_control(names, value, changed) {
	const select = element("select");

	for (const [name, text] of names) {
		const option = element("option", text);

		option.value = name;
		select.append(option);
	}
	select.value = value;
	select.addEventListener("change", () => changed(select.value));
	return select;
}

function policy_control(setting) {
	const initial = setting.values[Number(setting.initial)];

	return select_control(setting.values.map((name) => [name, name]),
	    given[setting.name] ?? initial,
	    (value) => change(setting.name, value, initial));
}

function row(name, control, text) {
	const label = element("label", name + " ", "row");

	control.name = name;
	control.title = text;
	label.append(control);
	return label;
}

function list_controls(setting) {
	const plain = setting.values.map((name) => name.replace("+", ""));
	const initial = setting.values.filter((name) => name.startsWith("+"))
	    .map((name) => name.slice(1)).join(",");
	const on = new Set((given[setting.name] ?? initial).split(","));

	return plain.map((name) => {
		const box = element("input");

		box.type = "checkbox";
		box.checked = on.has(name);
		box.addEventListener("change", () => {
			on[box.checked ? "add" : "delete"](name);
			change(setting.name, plain.filter((one) =>
			    on.has(one)).join(","), initial);
		});
		return row(name, box, setting.summary);
	});
}

function group(title, controls) {
	const set = element("fieldset");

	set.append(element("legend", title), ...controls);
	at("settings").append(set);
}

function show_settings() {
	const replies = library.replies().map((reply) => [reply.name,
	    reply.name === "OK" ? "OK" :
		reply.code + " " + reply.name + ": " + reply.text]);
	const of = (kind) => settings.filter((one) => one.kind === kind);

	at("settings").replaceChildren();
	group("Replies of the callbacks", CHOICES.map((name) => row(name,
	    select_control(replies, chosen[name] ?? "OK", (value) => {
		chosen[name] = value;
		begin();
	    }), "the reply of this callback")));
	group("Policies", of("policy").map((one) => row(one.name,
	    policy_control(one), one.summary)));
	group("Limits", of("limit").map((one) => row(one.name,
	    limit_control(one), one.summary + " " + one.unit)));
	for (const one of of("list"))
		group(one.name, list_controls(one));
}

/* ---- Transcripts and links ----------------------------------------------- */

/* A blank at the end of a line would be lost. */
function transcript_text(octets) {
	return escapeOctets(octets).replace(/ $/, "\\x20");
}

function transcript() {
	const kinds = Object.fromEntries(settings.map((one) =>
	    [one.name, one.kind]));
	const lines = ["# Saved in the playground.", "hostname " + HOST];

	for (const [name, value] of Object.entries(given))
		lines.push((kinds[name] === "list" ? "" : kinds[name] + " ") +
		    name + " " + value);
	lines.push("auth alice secret");
	for (const name of CHOICES)
		if ((chosen[name] ?? "OK") !== "OK")
			lines.push(name + " = " + chosen[name]);
	lines.push("");
	for (const [kind, text, said, error] of steps) {
		if (kind === "octets")
			lines.push("C- " + transcript_text(text));
		else if (kind === "act")
			lines.push("! " + text +
			    (error !== "" ? " = " + error : ""));
		for (const line of said.split("\r\n").slice(0, -1))
			lines.push("S: " + transcript_text(line));
	}
	if (library.want() === "CLOSE")
		lines.push("! closed");
	return lines.join("\n") + "\n";
}

function save_transcript() {
	const link = element("a", "session.txt");

	link.href = URL.createObjectURL(new Blob([transcript()],
	    { type: "text/plain" }));
	link.download = "session.txt";
	at("made").replaceChildren(link);
	link.click();
}

function make_link() {
	const done = steps.filter((step) => step[0] !== "begin")
	    .map((step) => step.slice(0, 2));
	const hash = "#" + encodeURIComponent(JSON.stringify(
	    { given, chosen, done }));

	if (hash.length > LINK_MOST) {
		at("made").textContent = "The session is too long for a link: " +
		    "save it as a transcript.";
		return;
	}
	history.replaceState(null, "", hash);
	const link = element("a", "the link of this session");
	link.href = hash;
	at("made").replaceChildren(link);
}

/* Returns the members of a value that are texts. */
function texts_of(value) {
	return Object.fromEntries(Object.entries(value ?? {}).filter(
	    ([, text]) => typeof text === "string"));
}

function follow_link() {
	let read;

	given = {};
	chosen = {};
	try {
		read = JSON.parse(decodeURIComponent(location.hash.slice(1)));
		given = texts_of(read.given);
		chosen = texts_of(read.chosen);
	} catch (error) {
		begin();
		fault("The link cannot be read.");
		return;
	}
	begin();
	for (const step of Array.isArray(read.done) ? read.done : []) {
		const [kind, text] = Array.isArray(step) ? step : [];

		if (typeof text !== "string")
			continue;
		if (kind === "octets" && /^[\0-\xff]*$/.test(text))
			send(text);
		else if (kind === "act")
			act(text);
	}
}

/* ---- Input ---------------------------------------------------------------- */

function mode() {
	return document.querySelector("input[name=mode]:checked").value;
}

function preview() {
	const line = octetsOf(at("line").value) + "\r\n";

	at("preview").replaceChildren(...(mode() === "line" &&
	    at("line").value !== "" ?
	    coloured(line.slice(0, -2), library.pieces(line, is_relaxed())) :
	    []));
}

function send_line(event) {
	const text = at("line").value;

	event.preventDefault();
	if (mode() === "raw")
		send(unescapeOctets(octetsOf(text)));
	else
		send((mode() === "octet" ? "" : octetsOf(text)) + "\r\n");
	at("line").value = "";
	at("preview").textContent = "";
}

/* In the mode "octet" the field is always empty: each key is sent. */
function typed() {
	if (mode() === "octet") {
		send(octetsOf(at("line").value));
		at("line").value = "";
		return;
	}
	preview();
}

async function send_file() {
	const file = at("file").files[0];

	if (file === undefined)
		return;
	const bytes = new Uint8Array(await file.arrayBuffer());
	let octets = "";
	for (let i = 0; i < bytes.length; i += 8192)
		octets += String.fromCharCode(...bytes.subarray(i, i + 8192));
	send(octets);
	at("file").value = "";
}

async function main() {
	try {
		library = await Library.load(WASM);
	} catch (error) {
		fault("This browser cannot run the library: " + error.message);
		return;
	}
	settings = library.settings();
	if (location.hash.length > 1)
		follow_link();
	else
		begin();
	show_settings();
	at("send").addEventListener("submit", send_line);
	at("line").addEventListener("input", typed);
	for (const one of document.querySelectorAll("input[name=mode]"))
		one.addEventListener("change", preview);
	for (const button of document.querySelectorAll("[data-act]"))
		button.addEventListener("click",
		    () => act(button.dataset.act));
	at("again").addEventListener("click", begin);
	at("defaults").addEventListener("click", () => {
		given = {};
		chosen = {};
		begin();
		show_settings();
	});
	at("send-paste").addEventListener("click", () =>
	    send(octetsOf(at("paste").value.replace(/\r?\n/g, "\r\n"))));
	at("file").addEventListener("change", send_file);
	at("settings").addEventListener("submit",
	    (event) => event.preventDefault());
	at("transcript").addEventListener("click", save_transcript);
	at("link").addEventListener("click", make_link);
	window.addEventListener("hashchange", () => {
		follow_link();
		show_settings();
	});
	at("playground").hidden = false;
}

main();
