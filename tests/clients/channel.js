// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// smtp-client: channel.js MODE PORT CA FILE SENDER RECIPIENT...
const fs = require('fs')
const { SMTPClient } = require('smtp-client')
const [mode, port, ca, file, from, ...to] = process.argv.slice(2)
const tls = { ca: fs.readFileSync(ca) }
const client = new SMTPClient({
	host: '127.0.0.1', port: Number(port), secure: mode === 'tls', ...tls
})

async function send() {
	await client.connect()
	await client.greet({ hostname: 'client.example.org' })
	if (mode === 'starttls' || mode === 'auth') {
		await client.secure(tls)
		await client.greet({ hostname: 'client.example.org' })
	}
	if (mode === 'auth') {
		await client.authPlain({ username: 'joe', password: 'secret' })
	}
	await client.mail({ from })
	for (const one of to) {
		await client.rcpt({ to: one }).catch((error) => console.log(error))
	}
	await client.data(fs.readFileSync(file, 'latin1'))
	await client.quit()
}

send().catch((error) => {
	console.log(error)
	process.exit(1)
})
