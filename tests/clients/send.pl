# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
# Net::SMTP: send.pl MODE PORT CA FILE SENDER RECIPIENT...
use strict;
use warnings;
use Net::SMTP;

my ($mode, $port, $ca, $file, $sender, @recipients) = @ARGV;
my @tls = (SSL_ca_file => $ca, SSL_verifycn_scheme => 'none');
my $smtp = Net::SMTP->new('127.0.0.1', Port => $port, Debug => 1,
    Hello => 'client.example.org', SSL => $mode eq 'tls', @tls) or die;
$smtp->starttls(@tls) or die $smtp->message if $mode =~ /^(starttls|auth)$/;
$smtp->auth('joe', 'secret') or die $smtp->message if $mode eq 'auth';
open my $input, '<:raw', $file or die;
my $message = do { local $/; <$input> };
my (@asked, @notify);
if ($ENV{EXTENDED}) {
	@asked = (Return => 'HDRS', Envelope => 'QQ+314159', Bits => '8');
	@notify = (Notify => ['SUCCESS', 'DELAY'],
	    ORcpt => 'rfc822;list+2Bowner@example.org');
}
$smtp->mail($sender, @asked) or die $smtp->message;
$smtp->recipient(@recipients, { SkipBad => 1, @notify }) or die $smtp->message;
$smtp->data($message) or die $smtp->message;
$smtp->quit;
