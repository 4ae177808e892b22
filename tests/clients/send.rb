# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
# Net::SMTP of Ruby: send.rb MODE PORT CA FILE SENDER RECIPIENT...
require 'net/smtp'

mode, port, ca, file, sender, *recipients = ARGV
smtp = Net::SMTP.new('127.0.0.1', port.to_i)
smtp.set_debug_output($stderr)
tls = OpenSSL::SSL::SSLContext.new
tls.ca_file = ca
smtp.disable_starttls
smtp.enable_tls(tls) if mode == 'tls'
smtp.enable_starttls(tls) if %w[starttls auth].include?(mode)
login = mode == 'auth' ? ['joe', 'secret', :plain] : []
smtp.start('client.example.org', *login) do |session|
  session.send_message(File.binread(file), sender, *recipients)
end
