<?php
// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// Net_SMTP of PEAR: pear.php MODE PORT CA FILE SENDER RECIPIENT...
require 'Net/SMTP.php';

[, $mode, $port, $ca, $file, $sender] = $argv;
stream_context_set_default(['ssl' => ['cafile' => $ca]]);
$host = ($mode == 'tls' ? 'ssl://' : '') . '127.0.0.1';
$smtp = new Net_SMTP($host, $port, 'client.example.org', false, 10,
	['ssl' => ['cafile' => $ca]]);
$smtp->setDebug(true);
function check($result)
{
	if (PEAR::isError($result)) {
		exit(1);
	}
}
check($smtp->connect());
if ($mode == 'starttls') {
	check($smtp->starttls());
} elseif ($mode == 'auth') {
	check($smtp->auth('joe', 'secret', 'PLAIN', true));
}
$extended = getenv('EXTENDED');
check($smtp->mailFrom($sender,
	$extended ? 'BODY=8BITMIME RET=HDRS ENVID=QQ+2B314159' : null));
foreach (array_slice($argv, 6) as $recipient) {
	$smtp->rcptTo($recipient, $extended
		? "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;$recipient" : null);
}
check($smtp->data(file_get_contents($file)));
$smtp->disconnect();
