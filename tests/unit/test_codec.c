/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the codecs of xtext, base64 and the addresses of ORCPT=utf-8:
 * src/octet/xtext.c, base64.c. */
#include <string.h>

#include "support/suite.h"

struct row {
	struct mailin_span in;
	struct mailin_span out;
};

typedef enum mailin_error codec(struct mailin_span, char *, size_t *);

static enum mailin_error
xtext_decode(struct mailin_span in, char *out, size_t *len)
{
	return mailin_xtext_decode(in, false, out, len);
}

static enum mailin_error
xtext_decode_any_case(struct mailin_span in, char *out, size_t *len)
{
	return mailin_xtext_decode(in, true, out, len);
}

static void
gives(codec *convert, const struct row *rows, size_t count)
{
	char out[256];
	size_t i, len;

	for (i = 0; i < count; i++) {
		struct mailin_span in = suite_edge(rows[i].in);
		enum mailin_error error = convert(in, out, &len);

		ck_assert_msg(error == MAILIN_OK && len == rows[i].out.len &&
			memcmp(out, rows[i].out.ptr, len) == 0,
		    "%s", suite_quote(in));
	}
}

static void
refuses(codec *convert, const struct mailin_span *rows, size_t count)
{
	char out[256];
	size_t i, len;

	for (i = 0; i < count; i++)
		ck_assert_msg(convert(suite_edge(rows[i]), out, &len) ==
			MAILIN_ERROR_SYNTAX,
		    "%s", suite_quote(rows[i]));
}

/* Decoding reverses encoding, and no result is longer than documented
 * (properties 33 and 34). */
static void
check_round_trip(codec *encode, codec *decode, const char *in, size_t in_len)
{
	char coded[512], back[512];
	size_t coded_len, back_len;

	if (encode((struct mailin_span){ in, in_len }, coded, &coded_len) !=
		MAILIN_OK ||
	    decode((struct mailin_span){ coded, coded_len }, back, &back_len) !=
		MAILIN_OK ||
	    back_len != in_len || back_len > coded_len ||
	    memcmp(back, in, in_len) != 0)
		ck_abort_msg("%s",
		    suite_quote((struct mailin_span){ in, in_len }));
}

static void
check_round_trips(codec *encode, codec *decode)
{
	char octets[64];
	unsigned value;
	size_t i;
	int turn;

	check_round_trip(encode, decode, "", 0);
	for (value = 0; value < 0x10000; value++) {
		octets[0] = (char)value;
		octets[1] = (char)(value >> 8);
		check_round_trip(encode, decode, octets, value < 256 ? 1 : 2);
	}
	for (turn = 0; turn < 20000; turn++) {
		for (i = 0; i < sizeof octets; i++)
			octets[i] = (char)suite_random(256);
		check_round_trip(encode, decode, octets,
		    suite_random(sizeof octets));
	}
}

/* ---- xtext --------------------------------------------------------------- */

static const struct row xtext_accepted[] = {
	{ TEXT(""), TEXT("") },
	{ { NULL, 0 }, TEXT("") },
	{ TEXT("abc"), TEXT("abc") },
	{ TEXT("!*,<>~"), TEXT("!*,<>~") },
	{ TEXT("a+2Bb"), TEXT("a+b") },
	{ TEXT("+3D+20+00+FF"), TEXT("= \0\xff") },
	{ TEXT("+2B2B"), TEXT("+2B") },
};

/* Texts that are not xtext (threat V24). */
/* clang-format off */
static const struct mailin_span xtext_refused[] = {
	TEXT("+"), TEXT("+4"), TEXT("a+4"), TEXT("+4g"), TEXT("+G4"),
	TEXT("+0d"), TEXT("+d0"), TEXT("="), TEXT("a=b"), TEXT(" "),
	TEXT("a b"), TEXT("\x7f"), TEXT("\xc3\xa9"), TEXT("\0"), TEXT("++2B"),
	TEXT("+ 4"), TEXT("+-4"), TEXT("+4+"), TEXT("+/0"), TEXT("+:0"),
	TEXT("+@0"),
};
/* clang-format on */

static const struct row xtext_any_case[] = {
	{ TEXT("+3d+3D+fF"), TEXT("==\xff") },
	{ TEXT("+e9"), TEXT("\xe9") },
};

/* The hexadecimal digits of xtext are in upper case (threat V24). */
START_TEST(xtext_has_upper_case_digits_only)
{
	gives(xtext_decode, xtext_accepted, ROWS(xtext_accepted));
	refuses(xtext_decode, xtext_refused, ROWS(xtext_refused));
}
END_TEST

/* RFC 4954 8: a hexchar in the AUTH= of MAIL may have lower-case digits. */
START_TEST(xtext_of_auth_has_either_case)
{
	gives(xtext_decode_any_case, xtext_any_case, ROWS(xtext_any_case));
}
END_TEST

START_TEST(xtext_survives_a_round_trip)
{
	check_round_trips(mailin_xtext_encode, xtext_decode);
	check_round_trips(mailin_xtext_encode, xtext_decode_any_case);
}
END_TEST

START_TEST(xtext_encodes_only_what_it_must)
{
	static const struct row rows[] = {
		{ TEXT("a+b=c d"), TEXT("a+2Bb+3Dc+20d") },
		{ TEXT("\xc3\xa9\0\x7f"), TEXT("+C3+A9+00+7F") },
		{ TEXT("<a@b>"), TEXT("<a@b>") },
	};

	gives(mailin_xtext_encode, rows, ROWS(rows));
}
END_TEST

/* ---- base64 -------------------------------------------------------------- */

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Returns the value of a character of base64, or 64 if the character is not in
 * the alphabet. */
static unsigned
value_of(unsigned char c)
{
	const char *place = c == '\0' ? NULL : strchr(alphabet, c);

	return place == NULL ? 64 : (unsigned)(place - alphabet);
}

/* Decode a group of four characters, bit by bit, as RFC 4648 4 defines base64.
 * Returns the number of octets written, or -1 if the group is invalid. */
static int
decode_bits(const unsigned char *group, unsigned char *out)
{
	int pad = group[3] != '=' ? 0 : group[2] != '=' ? 1 : 2;
	int used = (3 - pad) * 8, i, j;

	memset(out, 0, 3);
	for (i = 0; i < 4 - pad; i++) {
		unsigned value = value_of(group[i]);

		if (value == 64)
			return -1;
		for (j = 6 * i; value != 0; j++, value = value << 1 & 0x3f) {
			if ((value & 0x20) == 0)
				continue;
			if (j >= used)
				return -1;
			out[j / 8] |= (unsigned char)(0x80 >> j % 8);
		}
	}
	return 3 - pad;
}

static void
compare_group(const unsigned char *group)
{
	struct mailin_span in = { (const char *)group, 4 };
	unsigned char expected[3];
	char out[3];
	size_t len = 0;
	int expected_len = decode_bits(group, expected);
	enum mailin_error error = mailin_base64_decode(in, out, &len);

	if (expected_len < 0 ?
		error != MAILIN_ERROR_SYNTAX :
		error != MAILIN_OK || len != (size_t)expected_len ||
		    memcmp(out, expected, len) != 0)
		ck_abort_msg("%s", suite_quote(in));
}

/* Compare the decoder of base64 with decode_bits, for all groups of four
 * characters of the alphabet (property 34). */
START_TEST(base64_agrees_with_its_definition_on_the_alphabet)
{
	uint32_t value, step = suite_quick() ? 1009 : 1;
	int i;

	for (value = 0; value < UINT32_C(1) << 24; value += step) {
		unsigned char group[4];

		for (i = 0; i < 4; i++)
			group[i] = (unsigned char)
			    alphabet[value >> (18 - 6 * i) & 63];
		compare_group(group);
	}
}
END_TEST

/* Compare the decoder of base64 with decode_bits, for every octet in every
 * place of a group.  The other places have critical octets (property 34). */
START_TEST(base64_agrees_with_its_definition_on_all_octets)
{
	static const char some[] = "AQgwBEIcz09+/=-_ \n\x80";
	unsigned n = sizeof some, step = suite_quick() ? 97 : 1;
	unsigned place, octet, rest;

	for (place = 0; place < 4; place++)
		for (octet = 0; octet < 256; octet++)
			for (rest = 0; rest < n * n * n; rest += step) {
				unsigned char group[4] = {
					(unsigned char)some[rest % n],
					(unsigned char)some[rest / n % n],
					(unsigned char)some[rest / n / n], 0
				};

				group[3] = group[place];
				group[place] = (unsigned char)octet;
				compare_group(group);
			}
}
END_TEST

static const struct row base64_accepted[] = {
	{ TEXT(""), TEXT("") },
	{ { NULL, 0 }, TEXT("") },
	{ TEXT("Zg=="), TEXT("f") },
	{ TEXT("Zm8="), TEXT("fo") },
	{ TEXT("Zm9v"), TEXT("foo") },
	{ TEXT("Zm9vYmE="), TEXT("fooba") },
	{ TEXT("AGFsaWNlAHNlY3JldA=="), TEXT("\0alice\0secret") },
	{ TEXT("////"), TEXT("\xff\xff\xff") },
};

/* Base64 that is not canonical (threat V33). */
/* clang-format off */
static const struct mailin_span base64_refused[] = {
	TEXT("A"), TEXT("AA"), TEXT("AAA"), TEXT("AAAAA"), TEXT("Zg="),
	TEXT("Zg"), TEXT("Zh=="), TEXT("Zm9="), TEXT("Zg==Zg=="),
	TEXT("Zg==AAAA"), TEXT("="), TEXT("=="), TEXT("==="), TEXT("===="),
	TEXT("A==="), TEXT("=AAA"), TEXT("A=AA"), TEXT("AA=A"), TEXT("-_AA"),
	TEXT("AA A"), TEXT("AAA\n"), TEXT("AAAA\r\n"), TEXT("AA\0A"),
	TEXT("AA\xc3\xa9"), TEXT("Zg==="), TEXT("AAAA===="),
};
/* clang-format on */

/* Base64 that is not canonical is refused (threat V33). */
START_TEST(base64_is_canonical_or_refused)
{
	gives(mailin_base64_decode, base64_accepted, ROWS(base64_accepted));
	refuses(mailin_base64_decode, base64_refused, ROWS(base64_refused));
}
END_TEST

START_TEST(base64_survives_a_round_trip)
{
	check_round_trips(mailin_base64_encode, mailin_base64_decode);
}
END_TEST

/* ---- Addresses of ORCPT=utf-8 (RFC 6533 3) ------------------------------- */

static const struct row utf8_address_accepted[] = {
	{ TEXT(""), TEXT("") },
	{ TEXT("bob@example.org"), TEXT("bob@example.org") },
	{ TEXT("jos\xc3\xa9@x"), TEXT("jos\xc3\xa9@x") },
	{ TEXT("jos\\x{E9}@x"), TEXT("jos\xc3\xa9@x") },
	{ TEXT("\\x{e9}"), TEXT("\xc3\xa9") },
	{ TEXT("\\x{80}\\x{7FF}"), TEXT("\xc2\x80\xdf\xbf") },
	{ TEXT("\\x{800}\\x{D7FF}"), TEXT("\xe0\xa0\x80\xed\x9f\xbf") },
	{ TEXT("\\x{E000}\\x{FFFF}"), TEXT("\xee\x80\x80\xef\xbf\xbf") },
	{ TEXT("\\x{10000}"), TEXT("\xf0\x90\x80\x80") },
	{ TEXT("\\x{10FFFF}"), TEXT("\xf4\x8f\xbf\xbf") },
	{ TEXT("\\x{20}\\x{2B}\\x{3D}\\x{5C}"), TEXT(" +=\\") },
	{ TEXT("\\x{5c}x{E9}"), TEXT("\\x{E9}") },
};

/* Addresses that are refused because their encoding is malformed, because a
 * control character would be decoded (threat V23), or because RFC 6533 requires
 * another way to write the character. */
/* clang-format off */
static const struct mailin_span utf8_address_refused[] = {
	TEXT("\\"), TEXT("\\x"), TEXT("\\x{"), TEXT("\\x{}"), TEXT("\\x{E9"),
	TEXT("\\x{E"), TEXT("\\x{E}"), TEXT("\\x{G9}"), TEXT("\\X{E9}"),
	TEXT("\\xE9"), TEXT("\\x{0E9}"), TEXT("\\x{00E9}"), TEXT("\\x{0}"),
	TEXT("\\x{00}"), TEXT("\\x{0A}"), TEXT("\\x{0D}"), TEXT("\\x{10}"),
	TEXT("\\x{1F}"), TEXT("\\x{7F}"), TEXT("\\x{41}"), TEXT("\\x{D800}"),
	TEXT("\\x{DFFF}"), TEXT("\\x{110000}"), TEXT("\\x{FFFFFF}"),
	TEXT("\\x{1000000}"), TEXT("\\x{10FFFFF}"), TEXT("\\x{E9 }"),
	TEXT("\\x{-9}"), TEXT("=x{E9}"), TEXT("a b"), TEXT("a+b"),
	TEXT("a=b"), TEXT("\xc3"),
	TEXT("a\\b"), TEXT("a\x7f"), TEXT("a\0"), TEXT("\xed\xa0\x80"),
	TEXT("\\x{100000000000000E9}"),
};
/* clang-format on */

/* A control character is refused, plain or encoded (threat V23). */
START_TEST(utf8_address_never_decodes_to_a_control)
{
	gives(mailin_utf8_address_decode, utf8_address_accepted,
	    ROWS(utf8_address_accepted));
	refuses(mailin_utf8_address_decode, utf8_address_refused,
	    ROWS(utf8_address_refused));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		xtext_has_upper_case_digits_only,
		xtext_of_auth_has_either_case,
		xtext_survives_a_round_trip,
		xtext_encodes_only_what_it_must,
		base64_agrees_with_its_definition_on_the_alphabet,
		base64_agrees_with_its_definition_on_all_octets,
		base64_is_canonical_or_refused,
		base64_survives_a_round_trip,
		utf8_address_never_decodes_to_a_control,
	};

	return suite_run("codec", tests, ROWS(tests));
}
