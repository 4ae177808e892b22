<?php
// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// The class SMTP of PHPMailer: phpmailer.php MODE PORT CA FILE SENDER
// RECIPIENT...
require 'libphp-phpmailer/autoload.php';

[, $mode, $port, $ca, $file, $sender] = $argv;
$smtp = new PHPMailer\PHPMailer\SMTP();
$smtp->setDebugLevel(2);
$smtp->setDebugOutput('echo');
$tls = ['ssl' => ['cafile' => $ca]];
$host = ($mode == 'tls' ? 'ssl://' : '') . '127.0.0.1';
$secure = $mode == 'starttls' || $mode == 'auth';
stream_context_set_default($tls);
$done = $smtp->connect($host, $port, 10, $tls)
	&& $smtp->hello('client.example.org')
	&& (!$secure || $smtp->startTLS() && $smtp->hello('client.example.org'))
	&& ($mode != 'auth' || $smtp->authenticate('joe', 'secret'))
	&& $smtp->mail($sender);
foreach (array_slice($argv, 6) as $recipient) {
	$smtp->recipient($recipient, getenv('EXTENDED') ? 'SUCCESS,DELAY' : '');
}
exit($done && $smtp->data(file_get_contents($file)) && $smtp->quit() ? 0 : 1);
