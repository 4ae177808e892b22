// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// Nodemailer: send.js MODE PORT CA FILE SENDER RECIPIENT...
const fs = require('fs')
const [mode, port, ca, file, from, ...to] = process.argv.slice(2)
require('nodemailer').createTransport({
	host: '127.0.0.1', port, name: 'client.example.org',
	secure: mode === 'tls', ignoreTLS: mode === 'clear',
	requireTLS: mode === 'starttls' || mode === 'auth',
	auth: mode === 'auth' && { user: 'joe', pass: 'secret' },
	tls: { ca: fs.readFileSync(ca) }
}).sendMail({
	dsn: process.env.EXTENDED && {
		id: 'QQ+314159', return: 'headers', notify: ['success', 'delay'],
		recipient: 'list+owner@example.org'
	},
	envelope: { from, to, use8BitMime: true }, raw: fs.readFileSync(file)
}).then(console.log, (error) => {
	console.log(error)
	process.exitCode = 1
})
