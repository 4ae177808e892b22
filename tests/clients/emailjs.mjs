// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// emailjs: emailjs.mjs MODE PORT CA FILE SENDER RECIPIENT...
// It writes each message itself, so only the text is taken from the file.
import fs from 'fs'
import { createRequire } from 'module'

const [mode, port, ca, file, from, ...to] = process.argv.slice(2)
const { SMTPClient } = createRequire(import.meta.url)('emailjs')
const context = { ca: fs.readFileSync(ca) }
const client = new SMTPClient({
	host: '127.0.0.1', port: Number(port), domain: 'client.example.org',
	ssl: mode === 'tls' && context,
	tls: (mode === 'starttls' || mode === 'auth') && context,
	...(mode === 'auth' && { user: 'joe', password: 'secret' })
})
const text = fs.readFileSync(file, 'utf8').split('\r\n\r\n').slice(1)
client.send({ from, to: to.join(', '), subject: 'emailjs',
	text: text.join('\r\n\r\n') }, (error) => {
	console.log(error)
	process.exitCode = error ? 1 : 0
})
