-- Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
-- LuaSocket: send.lua MODE PORT CA FILE SENDER RECIPIENT...
local smtp = require 'socket.smtp'
local ltn12 = require 'ltn12'

local mode, port, _, file, sender = table.unpack(arg, 1, 5)
local recipients = {}
for i = 6, #arg do
	recipients[#recipients + 1] = '<' .. arg[i] .. '>'
end
local done, fault = smtp.send {
	server = '127.0.0.1', port = port, domain = 'client.example.org',
	from = '<' .. sender .. '>', rcpt = recipients,
	user = mode == 'auth' and 'joe' or nil,
	password = mode == 'auth' and 'secret' or nil,
	source = ltn12.source.file(io.open(file, 'rb')),
}
print(done, fault)
os.exit(done and 0 or 1)
