<?php
// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// Symfony Mailer: symfony.php MODE PORT CA FILE SENDER RECIPIENT...
foreach (['Contracts/Service', 'Component/Mailer', 'Component/Mime'] as $part) {
	require "Symfony/$part/autoload.php";
}
use Symfony\Component\Mailer\Envelope;
use Symfony\Component\Mailer\Transport\Smtp\EsmtpTransport;
use Symfony\Component\Mime\Address;
use Symfony\Component\Mime\RawMessage;

[, $mode, $port, $ca, $file, $sender] = $argv;
$transport = new EsmtpTransport('127.0.0.1', $port, $mode == 'tls');
$transport->setLocalDomain('client.example.org');
$transport->getStream()->setStreamOptions(['ssl' => ['cafile' => $ca]]);
if ($mode == 'auth') {
	$transport->setUsername('joe')->setPassword('secret');
}
$recipients = array_map(fn ($one) => new Address($one), array_slice($argv, 6));
try {
	$transport->send(new RawMessage(file_get_contents($file)),
		new Envelope(new Address($sender), $recipients));
	$transport->stop();
} catch (Exception $error) {
	echo $error->getMessage();
	exit(1);
}
