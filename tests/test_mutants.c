/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The invariants of fuzz/fuzz_command.c on command lines that are nearly
 * right, for those who have no fuzzing engine.  What breaks one aborts, and
 * says which.
 */
#include <string.h>

#include "suite.h"

#define ROOM 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const seeds[] = {
	"EHLO [IPv6:2001:db8::192.0.2.1]\r\n",
	"HELO what_ever it is\r\n",
	"MAIL FROM:<alice@example.org> SIZE=12345 BODY=8BITMIME RET=FULL\r\n",
	"MAIL FROM:<jos\xc3\xa9@x> SMTPUTF8 AUTH=\"a+20b\"@c ENVID=Q+2BQ\r\n",
	"MAIL FROM:<> BY=-120;NT MT-PRIORITY=-9 HOLDFOR=86400\r\n",
	"MAIL FROM:<a@b> HOLDUNTIL=2030-03-01T00:59:60.5+01:00\r\n",
	"MAIL FROM:<a@b> MTRK=YWJjZA==:86400 REQUIRETLS SOLICIT=a:b,c\r\n",
	"MAIL FROM: .a..b@c_d X-Y=z Q\r\n",
	"RCPT TO:<@a,@b.c:\"d\\\"e f\"@[192.0.2.1]> NOTIFY=DELAY,SUCCESS\r\n",
	"RCPT TO:<Postmaster> ORCPT=utf-8;jos\\x{E9}@\xc3\xa9\r\n",
	"RCPT TO:<a@[x:y]> ORCPT=rfc822;Bob+2Bx@c NOTIFY=NEVER\r\n",
	"RCPT TO:postmaster@b RRVS=2014-04-03T23:01:00Z;C\r\n",
	"VRFY jos\xc3\xa9 SMTPUTF8\r\n",
	"NOOP a b\r\nQUIT\r\n",
	"BDAT 18446744073709551615 LAST\r\n",
	"AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
	"ETRN #q\r\n",
	"STARTTLS\r\n",
};

static size_t
mutate(uint8_t *data, size_t len)
{
	static const char octets[] =
	    "aZ09.-_@\"\"\\\\<>[]::  ,;==++/{}()\t\r\n\r\n\x7f\0"
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80SIZEBDYAUTHFROMC";
	size_t place = suite_random((unsigned)len);
	uint8_t octet = (uint8_t)octets[suite_random(sizeof octets - 1)];

	switch (suite_random(3)) {
	case 0:
		data[place] = octet;
		return len;
	case 1:
		if (len == 1)
			return len;
		memmove(data + place, data + place + 1, len - place - 1);
		return len - 1;
	default:
		if (len == ROOM)
			return len;
		memmove(data + place + 1, data + place, len - place);
		data[place] = octet;
		return len + 1;
	}
}

START_TEST(command_keeps_its_promises_on_mutants)
{
	unsigned turns = suite_quick() ? 2000 : 200000, turn;

	for (turn = 0; turn < turns; turn++) {
		const char *seed = seeds[turn % ROWS(seeds)];
		unsigned times = suite_random(5);
		size_t len = strlen(seed) + 1;
		uint8_t data[ROOM];

		data[0] = (uint8_t)suite_random(2);
		memcpy(data + 1, seed, len - 1);
		while (times-- > 0)
			len = mutate(data, len);
		LLVMFuzzerTestOneInput(data, len);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		command_keeps_its_promises_on_mutants,
	};

	return suite_run("mutants", tests, ROWS(tests));
}
