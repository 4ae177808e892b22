/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/mutant.h"
#include "support/suite.h"

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
	"HELP MAIL\r\n",
	"EXPN list\r\n",
	"DATA\r\n",
	"RSET \r\n",
	"BURL imap://h/b;urlauth=x:internal:9 LAST\r\n",
	"XCLIENT NAME=a.b ADDR=192.0.2.1 LOGIN=c+20d DESTPORT=25\r\n",
	"XFORWARD HELO=[UNAVAILABLE] IDENT=1 SOURCE=LOCAL\r\n",
	"MAIL FROM:<a-b.c+d=e_f@g-h.i--j.k> BODY=BINARYMIME ENVID=l+3Dm\r\n",
	"LHLO a.b-c.d\r\n",
	"MAIL\t FROM: < root >  AUTH=<a@b.>\tENVID=a+3c\r\n",
	"RCPT  TO:\t< @a:b@c_d. > \tORCPT=rfc822;a+2bc NOTIFY=DELAY\r\n",
	"RCPT TO: \"a b\"\t NOTIFY=NEVER\r\n",
	"EHLO  \xe9\xff x  y\r\n",
	"QUIT \t foo bar\r\n",
	"BDAT\t 5  LAST\r\n",
	"EHLO mta-7.pod3.relay.eu-1.campaigns.marketing-cloud.a.example\r\n",
	"MAIL FROM:<0100018f2a6b7c1d-4e0c9a57-31bd-4f52-9d8a-7c5be1f0a263-0@"
	"us-1.bulk.example> SIZE=48213 ENVID=a+2Bb RET=HDRS AUTH=<>\r\n",
	"MAIL FROM:<SRS0=HqZ4=TT=d.example=al@forwarder.example.net> SIZE=15872"
	" BODY=8BITMIME SMTPUTF8\r\n",
	"MAIL FROM:<b\xc3\xbc.d\xe2\x82\xac@x-\xc3\xbc.\xc3\xa9.example> "
	"BODY=7BIT SMTPUTF8\r\n",
	"MAIL FROM:<\"i\\\"v k.\"@legacy.example> SIZE=1\r\n",
	"RCPT TO:<m.v-n@c.example> NOTIFY=SUCCESS,FAILURE,DELAY "
	"ORCPT=rfc822;mallory+2B@alias.example.com\r\n",
	"RCPT TO:<\xe7\x94\xa8@\xe4\xbe\x8b.example>\r\n",
	"RCPT TO:<postMaster>\r\n",
	"RCPT TO:<o@[IPv6:2001:db8::25]> NOTIFY=NEVER\r\n",
};

static size_t
mutate(char *data, size_t len)
{
	static const char octets[] =
	    "aZ09.-_@\"\"\\\\<>[]::  ,;==++/{}()\t\r\n\r\n\x7f\0"
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80SIZEBDYAUTHFROMC";
	size_t place = suite_random((unsigned)len);
	char octet = octets[suite_random(sizeof octets - 1)];

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
		if (len == MUTANT_ROOM)
			return len;
		memmove(data + place + 1, data + place, len - place);
		data[place] = octet;
		return len + 1;
	}
}

struct mailin_span
mutant_seed(size_t index)
{
	return mailin_span_of(index < ROWS(seeds) ? seeds[index] : "");
}

size_t
mutant_line(char out[MUTANT_ROOM], unsigned turn)
{
	struct mailin_span seed = mutant_seed(turn % ROWS(seeds));
	unsigned times = suite_random(5);

	memcpy(out, seed.ptr, seed.len);
	while (times-- > 0 && seed.len > 0)
		seed.len = mutate(out, seed.len);
	return seed.len;
}
