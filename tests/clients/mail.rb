# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
# The gem mail: mail.rb MODE PORT CA FILE SENDER RECIPIENT...
require 'mail'

mode, port, ca, file, sender, *recipients = ARGV
options = { address: '127.0.0.1', port: port.to_i, ca_file: ca,
            domain: 'client.example.org' }
options[:ssl] = true if mode == 'tls'
options[:enable_starttls] = true if %w[starttls auth].include?(mode)
if mode == 'auth'
  options.update(user_name: 'joe', password: 'secret', authentication: 'plain')
end
mail = Mail.new(File.binread(file))
mail.delivery_method :smtp, options
mail.smtp_envelope_from = sender
mail.smtp_envelope_to = recipients
mail.deliver!
