# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
# Email::Sender: sender.pl MODE PORT CA FILE SENDER RECIPIENT...
use strict;
use warnings;
use Email::Sender::Simple qw(sendmail);
use Email::Sender::Transport::SMTP;

my ($mode, $port, $ca, $file, $sender, @recipients) = @ARGV;
my %kind = (tls => 'ssl', starttls => 'starttls', auth => 'starttls');
my %login = (sasl_username => 'joe', sasl_password => 'secret');
my $transport = Email::Sender::Transport::SMTP->new(host => '127.0.0.1',
    port => $port, helo => 'client.example.org',
    ssl => $kind{$mode} // 0, ssl_options => { SSL_ca_file => $ca },
    debug => 1, $mode eq 'auth' ? %login : ());
open my $input, '<:raw', $file or die;
my $message = do { local $/; <$input> };
sendmail($message,
    { from => $sender, to => \@recipients, transport => $transport });
