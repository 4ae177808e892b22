<?php
// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// Swift Mailer: swift.php MODE PORT CA FILE SENDER RECIPIENT...
// It writes each message itself, so only the text is taken from the file.
require 'Egulias/EmailValidator/autoload.php';
require 'Swift/swift_required.php';

[, $mode, $port, $ca, $file, $sender] = $argv;
$kinds = ['tls' => 'ssl', 'starttls' => 'tls', 'auth' => 'tls'];
$transport = new Swift_SmtpTransport('127.0.0.1', $port, $kinds[$mode] ?? null);
$transport->setLocalDomain('client.example.org');
$transport->setStreamOptions(['ssl' => ['cafile' => $ca]]);
if ($mode == 'auth') {
	$transport->setUsername('joe')->setPassword('secret');
}
$mailer = new Swift_Mailer($transport);
$logger = new Swift_Plugins_Loggers_EchoLogger(false);
$mailer->registerPlugin(new Swift_Plugins_LoggerPlugin($logger));
$text = explode("\r\n\r\n", file_get_contents($file), 2)[1];
$message = (new Swift_Message('Swift'))->setFrom($sender)
	->setTo(array_slice($argv, 6))->setBody($text);
$message->setEncoder(new Swift_Mime_ContentEncoder_PlainContentEncoder('8bit'));
exit($mailer->send($message) ? 0 : 1);
