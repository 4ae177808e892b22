/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
"use strict";

/* Octets are kept in strings here: each octet is a character below 256. */

const ESCAPES = { r: "\r", n: "\n", 0: "\0", "\\": "\\" };

/* Write octets as transcripts do. */
function escapeOctets(octets) {
	return octets.replace(/[^ -[\]-~]/g, (octet) => {
		switch (octet) {
		case "\r": return "\\r";
		case "\n": return "\\n";
		case "\0": return "\\0";
		case "\\": return "\\\\";
		}
		return "\\x" + octet.charCodeAt(0).toString(16).padStart(2, "0");
	});
}

/* Read octets that are written with escapes.  A backslash that begins no
 * escape is a backslash. */
function unescapeOctets(text) {
	return text.replace(/\\(?:([rn0\\])|x([0-9a-fA-F]{2}))/g,
	    (all, letter, digits) => letter !== undefined ? ESCAPES[letter] :
		String.fromCharCode(parseInt(digits, 16)));
}

/* Returns the octets of a text in UTF-8. */
function octetsOf(text) {
	let octets = "";

	for (const octet of new TextEncoder().encode(text))
		octets += String.fromCharCode(octet);
	return octets;
}

/* The library.  A text that it returns is in its memory until the next call. */
class Library {
	static async load(base64) {
		const bytes = Uint8Array.from(atob(base64),
		    (octet) => octet.charCodeAt(0));
		/* The C library imports these for standard output, which the
		 * library never uses. */
		const none = () => 52;
		const { instance } = await WebAssembly.instantiate(bytes, {
			wasi_snapshot_preview1: {
				fd_close: none, fd_seek: none, fd_write: none,
			},
		});
		instance.exports._initialize();
		return new Library(instance.exports);
	}

	constructor(calls) {
		this.calls = calls;
	}

	/* Copy the octets to the memory of the library, and call the function
	 * "use" with their address and length. */
	with(octets, use) {
		const at = this.calls.memory_new(octets.length + 1);

		if (at === 0)
			throw new Error("no memory");
		const memory = new Uint8Array(this.calls.memory.buffer, at,
		    octets.length + 1);
		for (let i = 0; i < octets.length; i++)
			memory[i] = octets.charCodeAt(i);
		memory[octets.length] = 0;
		try {
			return use(at, octets.length);
		} finally {
			this.calls.memory_free(at);
		}
	}

	text(at) {
		const memory = new Uint8Array(this.calls.memory.buffer);
		let end = at;

		while (at !== 0 && memory[end] !== 0)
			end++;
		return new TextDecoder().decode(memory.subarray(at, end));
	}

	rows(at) {
		return this.text(at).split("\n").slice(0, -1)
		    .map((row) => row.split("\t"));
	}

	settings() {
		return this.rows(this.calls.settings()).map((row) => ({
			kind: row[0], name: row[1], initial: row[2],
			minimum: row[3], maximum: row[4], unit: row[5],
			summary: row[6],
			values: row[7] === "" ? [] : row[7].split(","),
		}));
	}

	replies() {
		return this.rows(this.calls.replies()).map((row) => ({
			number: Number(row[0]), name: row[1], code: row[2],
			text: row[3],
		}));
	}

	set(name, value) {
		return this.with(octetsOf(name), (name_at) =>
		    this.with(octetsOf(value), (value_at) =>
			this.text(this.calls.set(name_at, value_at))));
	}

	feed(octets) {
		return this.with(octets, (at, len) => this.calls.feed(at, len));
	}

	act(name) {
		return this.with(name, (at) => this.text(this.calls.act(at)));
	}

	output() {
		return unescapeOctets(this.text(this.calls.output()));
	}

	/* Returns the callbacks since the last call. */
	called() {
		return this.text(this.calls.called()).split("\n").slice(0, -1);
	}

	want() {
		return this.text(this.calls.want());
	}

	state() {
		return this.text(this.calls.state());
	}

	/* Parse a line that ends in CR LF.  Returns the reply to a wrong line,
	 * or "", the offset of the first wrong octet, and the pieces. */
	pieces(line, relaxed) {
		const text = this.with(line, (at, len) =>
		    this.text(this.calls.pieces_of(at, len, relaxed)));
		const [head, ...rows] = text.split("\n").slice(0, -1);
		const wrong = /^(.*)@(\d+)$/.exec(head);

		return {
			reply: wrong !== null ? wrong[1] : "",
			at: wrong !== null ? Number(wrong[2]) : 0,
			pieces: rows.map((row) => row.split(" "))
			    .map(([kind, at, len]) => ({ kind,
				at: Number(at), len: Number(len) })),
		};
	}
}
