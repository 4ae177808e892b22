/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Version 2 of the PROXY protocol: src/proxy/proxy.c, src/proxy/tlv.c.  Also
 * tests headers of both versions that are nearly valid (threat V52). */
#include <string.h>

#include "support/proxy_rows.h"
#include "support/proxy_text.h"

#define ROOM 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define HEAD      16

#define LOCAL 0x20
#define PROXY 0x21

/* clang-format off */
#define INET  "\xc0\x00\x02\x01" "\xc6\x33\x64\x02" "\xdc\x04" "\x00\x19"
#define INET6 "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01" \
              "\x20\x01\x0d\xb8\0\0\0\0\0\x02\0\0\0\0\0\x02" \
              "\xdc\x04" "\x00\x19"
#define SHOWN_INET  "192.0.2.1 56324 198.51.100.2 25"
#define SHOWN_INET6 "2001:db8::1 56324 2001:db8::2:0:0:2 25"
/* clang-format on */

#define TEN     "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define ID_128  HUNDRED TEN TEN "12345678"

/* Builds a header of version 2.  "block" is the part after the first 16
 * octets. */
static struct mailin_span
make(unsigned command, unsigned family, struct mailin_span block)
{
	static char header[ROOM];

	ck_assert_uint_le(HEAD + block.len, sizeof header);
	memcpy(header, SIGNATURE, HEAD - 4);
	header[12] = (char)command;
	header[13] = (char)family;
	header[14] = (char)(block.len >> 8);
	header[15] = (char)block.len;
	if (block.len > 0)
		memcpy(header + HEAD, block.ptr, block.len);
	return (struct mailin_span){ header, HEAD + block.len };
}

/* ---- Accepted ------------------------------------------------------------ */

struct accepted {
	unsigned command;
	unsigned family;
	struct mailin_span block;
	const char *shown;
};

/* clang-format off */
static const struct accepted accepted[] = {
	{ PROXY, 0x11, TEXT(INET), "inet stream " SHOWN_INET },
	{ PROXY, 0x12, TEXT(INET), "inet dgram " SHOWN_INET },
	{ PROXY, 0x21, TEXT(INET6), "inet6 stream " SHOWN_INET6 },
	{ PROXY, 0x22, TEXT(INET6), "inet6 dgram " SHOWN_INET6 },
	{ PROXY, 0x11, TEXT("\xac\x13\x00\x01\xac\x13\x00\x03\xa6\x52\x00\x50"),
	    "inet stream 172.19.0.1 42578 172.19.0.3 80" },
	{ PROXY, 0x00, TEXT(""), "local" },
	{ PROXY, 0x00, TEXT("\x05\x00\x01" "x"), "local id=x" },

	/* Each path takes up 108 octets. */
	{ PROXY, 0x31, TEXT("/run/a\0" HUNDRED "x"
	    "\0bstract" HUNDRED), "unix stream from=/run/a to=" },
	{ PROXY, 0x32, TEXT(HUNDRED "12345678" HUNDRED "1234567\0"),
	    "unix dgram from=" HUNDRED "12345678 to=" HUNDRED "1234567" },

	{ PROXY, 0x11, TEXT(INET "\x01\x00\x02" "h2" "\x02\x00\x03" "a.b"
	    "\x05\x00\x02" "\x00\x01" "\x30\x00\x02" "ns"),
	    "inet stream " SHOWN_INET " alpn=h2 authority=a.b id=\\x00\\x01 "
	    "netns=ns" },
	{ PROXY, 0x11, TEXT(INET "\x01\x00\x00" "\x02\x00\x00"),
	    "inet stream " SHOWN_INET " alpn= authority=" },
	{ PROXY, 0x11, TEXT(INET "\x05\x00\x80" ID_128),
	    "inet stream " SHOWN_INET " id=" ID_128 },

	/* Types that are skipped: NOOP, unknown types, and types that belong
	 * inside SSL. */
	{ PROXY, 0x11, TEXT(INET "\x04\x00\x00" "\x04\x00\x01" "x"
	    "\xea\x00\x01" "x" "\xea\x00\x00" "\x00\x00\x00" "\xff\x00\x00"
	    "\x21\x00\x01" "x" "\x21\x00\x01" "x" "\x01\x00\x01" "y"),
	    "inet stream " SHOWN_INET " alpn=y" },

	/* SSL: the client and verify fields, and values inside it. */
	{ PROXY, 0x11, TEXT(INET "\x20\x00\x05" "\x01" "\0\0\0\0"),
	    "inet stream " SHOWN_INET " tls" },
	{ PROXY, 0x11, TEXT(INET "\x20\x00\x05" "\x03" "\0\0\0\0"),
	    "inet stream " SHOWN_INET " tls certificate verified" },
	{ PROXY, 0x11, TEXT(INET "\x20\x00\x05" "\x05" "\0\0\x01\x12"),
	    "inet stream " SHOWN_INET " tls certificate verify=274" },
	{ PROXY, 0x11, TEXT(INET "\x20\x00\x05" "\x01" "\xff\xff\xff\xff"),
	    "inet stream " SHOWN_INET " tls verify=4294967295" },
	{ PROXY, 0x11, TEXT(INET "\x20\x00\x05" "\x06" "\0\0\0\0"),
	    "inet stream " SHOWN_INET },
	{ PROXY, 0x11, TEXT(INET "\x20\x00\x0a" "\x00" "\0\0\0\0"
	    "\x22\x00\x02" "ab"), "inet stream " SHOWN_INET },
	{ PROXY, 0x11, TEXT(INET "\x20\x00\x23" "\x07" "\0\0\0\0"
	    "\x21\x00\x07" "TLSv1.3" "\x22\x00\x01" "n" "\x24\x00\x01" "s"
	    "\x25\x00\x01" "k" "\x23\x00\x01" "c" "\x01\x00\x01" "?"
	    "\x02\x00\x01" "a"), "inet stream " SHOWN_INET
	    " tls certificate verified authority=a version=TLSv1.3 cipher=c "
	    "name=n sig=s key=k" },

	/* The checksums were computed by another implementation. */
	{ PROXY, 0x11, TEXT(INET "\x03\x00\x04" "\x7f\xab\x4a\xb2"),
	    "inet stream " SHOWN_INET },
	{ PROXY, 0x00, TEXT("\x03\x00\x04" "\x3e\xc9\x89\x4e"), "local" },

	/* LOCAL: addresses and values in the header are not reported. */
	{ LOCAL, 0x00, TEXT(""), "local" },
	{ LOCAL, 0x11, TEXT(INET), "local" },
	{ LOCAL, 0x11, TEXT(""), "local" },
	{ LOCAL, 0x31, TEXT(INET), "local" },
	{ LOCAL, 0xff, TEXT("\xff\xff\xff\xff"), "local" },
	{ LOCAL, 0x00, TEXT("\x05\x00\x01" "x"), "local" },
};
/* clang-format on */

START_TEST(header_tells_both_ends_and_its_values)
{
	size_t i;

	for (i = 0; i < ROWS(accepted); i++)
		proxy_accept(make(accepted[i].command, accepted[i].family,
				 accepted[i].block),
		    accepted[i].shown);
}
END_TEST

/* The load balancer of a large cloud provider sends this LOCAL header to check
 * whether the server runs.  It has values where the addresses would be, and
 * these must not be read as addresses. */
START_TEST(header_of_a_health_check_is_local)
{
	char block[84] = "\x03\x00\x04"
			 "\xbc\xe5\x95\x1f"
			 "\x04\x00\x4a";

	proxy_accept(
	    make(LOCAL, 0x11, (struct mailin_span){ block, sizeof block }),
	    "local");
}
END_TEST

/* ---- Refused ------------------------------------------------------------- */

struct refused {
	struct mailin_span octets;
	size_t right; /* octets before the first wrong one */
};

static const struct refused refused_heads[] = {
	{ TEXT("\n"), 0 },
	{ TEXT("\0\r\n\r\n\0\r\nQUIT\n"), 0 },
	{ TEXT("\r\r\n"), 1 },
	{ TEXT("\r\n\r\nEHLO"), 4 },
	{ TEXT("\r\n\r\n\0\r\nQUIT\r\n"), 11 },

	/* A wrong version, or a wrong command. */
	{ TEXT(SIGNATURE "\x01\x11\x00\x00"), 12 },
	{ TEXT(SIGNATURE "\x11\x11\x00\x00"), 12 },
	{ TEXT(SIGNATURE "\x31\x11\x00\x00"), 12 },
	{ TEXT(SIGNATURE "\x22\x11\x00\x00"), 12 },
	{ TEXT(SIGNATURE "\x2f\x11\x00\x00"), 12 },

	/* A wrong length: too small for the addresses, or over 4096. */
	{ TEXT(SIGNATURE "\x21\x11\x00\x00"), 15 },
	{ TEXT(SIGNATURE "\x21\x11\x00\x0b"), 15 },
	{ TEXT(SIGNATURE "\x21\x22\x00\x23"), 15 },
	{ TEXT(SIGNATURE "\x21\x31\x00\xd7"), 15 },
	{ TEXT(SIGNATURE "\x21\x11\x10\x01"), 15 },
	{ TEXT(SIGNATURE "\x21\x11\x11\x00"), 14 },
	{ TEXT(SIGNATURE "\x20\x00\x10\x01"), 15 },
	{ TEXT(SIGNATURE "\x20\x00\xff\xff"), 14 },
};

#define SSL_OF(len) \
	INET "\x20\x00" len "\x01" \
	     "\0\0\0\0"

/* Blocks after the fixed part of a header for TCP over IPv4. */
/* clang-format off */
static const struct refused refused_blocks[] = {
	/* The type and length are incomplete. */
	{ TEXT(INET "\x04"), 12 },
	{ TEXT(INET "\x04\x00"), 12 },
	{ TEXT(INET "\x04\x00\x00" "\x04\x00"), 15 },
	{ TEXT(SSL_OF("\x06") "\x21"), 20 },
	{ TEXT(SSL_OF("\x07") "\x21\x00" "\x04\x00\x00"), 20 },

	/* A value that does not end inside the block. */
	{ TEXT(INET "\x04\x00\x01"), 14 },
	{ TEXT(INET "\x04\x00\x03" "ab"), 14 },
	{ TEXT(INET "\x04\x01\x00" "ab"), 13 },
	{ TEXT(INET "\x01\xff\xff" "ab"), 13 },
	{ TEXT(SSL_OF("\x08") "\x21\x00\x01" "\x04\x00\x00"), 22 },
	{ TEXT(SSL_OF("\x09") "\x29\x01\x00" "a"), 21 },
	{ TEXT(SSL_OF("\x05") "\x21"), 20 },

	/* A value that is too long or too short. */
	{ TEXT(INET "\x03\x00\x03" "\0\0\0"), 14 },
	{ TEXT(INET "\x03\x00\x00"), 14 },
	{ TEXT(INET "\x03\x00\x05" "\0\0\0\0\0"), 14 },
	{ TEXT(INET "\x03\x01\x00" ID_128 ID_128), 13 },
	{ TEXT(INET "\x05\x00\x81" ID_128 "9"), 14 },
	{ TEXT(INET "\x05\x01\x00" ID_128 ID_128), 13 },
	{ TEXT(INET "\x20\x00\x04" "\x01\0\0\0"), 14 },
	{ TEXT(INET "\x20\x00\x00"), 14 },

	/* A value given twice. */
	{ TEXT(INET "\x01\x00\x00" "\x01\x00\x00"), 15 },
	{ TEXT(INET "\x02\x00\x01" "a" "\x02\x00\x01" "a"), 16 },
	{ TEXT(INET "\x03\x00\x04" "\0\0\0\0" "\x03\x00\x04" "\0\0\0\0"), 19 },
	{ TEXT(INET "\x05\x00\x00" "\x04\x00\x00" "\x05\x00\x00"), 18 },
	{ TEXT(INET "\x30\x00\x00" "\x30\x00\x00"), 15 },
	{ TEXT(SSL_OF("\x05") "\x20\x00\x05" "\0\0\0\0\0"), 20 },
	{ TEXT(SSL_OF("\x0b") "\x21\x00\x00" "\x21\x00\x00"), 23 },
	{ TEXT(SSL_OF("\x0e") "\x22\x00\x00" "\x23\x00\x00" "\x22\x00\x00"),
	    26 },

	/* A wrong checksum is detected at the end. */
	{ TEXT(INET "\x03\x00\x04" "\x7f\xab\x4a\xb3"), 18 },
	{ TEXT(INET "\x03\x00\x04" "\0\0\0\0"), 18 },
	{ TEXT(INET "\x03\x00\x04" "\xb2\x4a\xab\x7f"), 18 },
	{ TEXT(INET "\x03\x00\x04" "\x7f\xab\x4a\xb2" "\x04\x00\x00"), 21 },
};
/* clang-format on */

START_TEST(header_is_refused_at_the_first_wrong_octet)
{
	size_t i;

	for (i = 0; i < ROWS(refused_heads); i++)
		proxy_refuse(refused_heads[i].octets, refused_heads[i].right);
	for (i = 0; i < ROWS(refused_blocks); i++)
		proxy_refuse(make(PROXY, 0x11, refused_blocks[i].octets),
		    HEAD + refused_blocks[i].right);
}
END_TEST

/* A header may have only the seven families of proxy-protocol.txt 2.2: "other
 * values [...] must be rejected as invalid by receivers". */
START_TEST(header_has_one_of_seven_families)
{
	static const char known[] = "\x00\x11\x12\x21\x22\x31\x32";
	char block[216] = { 0 };
	struct mailin_span zeros = { block, sizeof block };
	unsigned family;

	for (family = 0; family < 256; family++)
		if (memchr(known, (int)family, sizeof known - 1) == NULL) {
			proxy_refuse(make(PROXY, family, zeros), 13);
			proxy_accept(make(LOCAL, family, zeros), "local");
		}
}
END_TEST

START_TEST(header_has_at_most_4112_octets)
{
	static char block[4097] = INET "\x04\x0f\xf1";
	struct mailin_span span = { block, 4096 };

	proxy_accept(make(PROXY, 0x11, span), "inet stream " SHOWN_INET);
	ck_assert_uint_eq(HEAD + span.len, MAILIN_PROXY_V2_MOST);
	span.len++;
	proxy_refuse(make(PROXY, 0x11, span), 15);
	proxy_refuse(make(LOCAL, 0x11, span), 15);
}
END_TEST

/* ---- Damaged headers ----------------------------------------------------- */

/* Headers with a checksum, in which one bit is changed.  If that bit is in the
 * type of the checksum, the header has a value of unknown type and no checksum,
 * and is accepted. */
/* clang-format off */
static const struct accepted checked[] = {
	{ PROXY, 0x11, TEXT(INET "\x01\x00\x04" "smtp"
	    "\x02\x00\x0e" "mx.example.org" "\x03\x00\x04" "\x20\x80\x96\xd9"
	    "\x05\x00\x02" "id" "\x20\x00\x0f" "\x01" "\0\0\0\0"
	    "\x21\x00\x07" "TLSv1.3"), "inet stream " SHOWN_INET
	    " tls alpn=smtp authority=mx.example.org id=id version=TLSv1.3" },
	{ PROXY, 0x21, TEXT(INET6 "\x03\x00\x04" "\x24\x17\xa9\xde"
	    "\x01\x00\x04" "smtp" "\x02\x00\x0e" "mx.example.org"),
	    "inet6 stream " SHOWN_INET6
	    " alpn=smtp authority=mx.example.org" },
};
/* clang-format on */

/* Parse the damaged header.  It must be refused, or accepted with the same
 * facts. */
static void
check_damaged(char *octets, const char *shown)
{
	static char text[ROOM];
	struct mailin_proxy proxy;
	size_t used;
	enum mailin_proxy_result result = mailin_proxy_parse(&proxy, octets,
	    ROOM, &used);

	if (result == MAILIN_PROXY_INCOMPLETE ||
	    (result == MAILIN_PROXY_OK &&
		strcmp(proxy_show(&proxy, text, sizeof text), shown) != 0))
		ck_abort_msg("%s",
		    suite_quote((struct mailin_span){ octets, 128 }));
}

START_TEST(header_with_a_checksum_survives_no_wrong_bit)
{
	static char octets[ROOM];
	static const char more[] = { '\0', 'A', '\xff' };
	size_t row, fill, bit;

	for (row = 0; row < ROWS(checked); row++)
		for (fill = 0; fill < sizeof more; fill++) {
			struct mailin_span header = make(checked[row].command,
			    checked[row].family, checked[row].block);

			proxy_accept(header, checked[row].shown);
			memset(octets, more[fill], sizeof octets);
			memcpy(octets, header.ptr, header.len);
			for (bit = 0; bit < 8 * header.len; bit++) {
				octets[bit / 8] ^= (char)(1 << bit % 8);
				check_damaged(octets, checked[row].shown);
				octets[bit / 8] ^= (char)(1 << bit % 8);
			}
		}
}
END_TEST

/* ---- Headers that are nearly valid --------------------------------------- */

static size_t
seed(char *octets)
{
	static const char lines[][80] = {
		"PROXY TCP4 192.0.2.1 198.51.100.255 56324 25\r\nEHLO",
		"PROXY TCP6 2001:db8::1 ::ffff:192.0.2.1 65535 0\r\n",
		"PROXY UNKNOWN a b\r\n",
	};
	unsigned turn = suite_random(ROWS(lines) + ROWS(accepted));
	struct mailin_span header;

	if (turn < ROWS(lines)) {
		header = mailin_span_of(lines[turn]);
	} else {
		const struct accepted *row = &accepted[turn - ROWS(lines)];

		header = make(row->command, row->family, row->block);
	}
	memcpy(octets, header.ptr, header.len);
	return header.len;
}

static void
mutate(char *octets, size_t len)
{
	static const char values[] = "\0\1\2\3\4\5\x10\x11\x20\x21\x22\x30\x80"
				     "\xff :.09afF\r\n";
	size_t place = suite_random((unsigned)len);

	octets[place] = suite_random(2) == 0 ?
	    (char)suite_random(256) :
	    values[suite_random(sizeof values - 1)];
}

START_TEST(header_keeps_its_promises_on_mutants)
{
	unsigned turns = suite_quick() ? 200 : 20000, turn, times;
	static char octets[ROOM];
	size_t len;

	for (turn = 0; turn < turns; turn++) {
		len = seed(octets);
		for (times = suite_random(4); times > 0; times--)
			mutate(octets, len);
		LLVMFuzzerTestOneInput((uint8_t *)octets, len);
		for (len = 0; len < 64; len++)
			octets[len] = (char)suite_random(256);
		LLVMFuzzerTestOneInput((uint8_t *)octets, len);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		header_tells_both_ends_and_its_values,
		header_of_a_health_check_is_local,
		header_is_refused_at_the_first_wrong_octet,
		header_has_one_of_seven_families,
		header_has_at_most_4112_octets,
		header_with_a_checksum_survives_no_wrong_bit,
		header_keeps_its_promises_on_mutants,
	};

	return suite_run("proxy", tests, ROWS(tests));
}
