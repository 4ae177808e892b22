/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "octet/ascii.h"

#define IS_ALNUM(c) \
	(((c) >= '0' && (c) <= '9') || ((c) >= 'A' && (c) <= 'Z') || \
	    ((c) >= 'a' && (c) <= 'z'))
#define IS_VCHAR(c) ((c) > 0x20 && (c) < 0x7f)

/* atext (RFC 5322 3.2.3): printable, but no special character. */
#define IS_ATEXT(c) \
	(IS_VCHAR(c) && (c) != '(' && (c) != ')' && (c) != '<' && \
	    (c) != '>' && (c) != '[' && (c) != ']' && (c) != ':' && \
	    (c) != ';' && (c) != '@' && (c) != '\\' && (c) != ',' && \
	    (c) != '.' && (c) != '"')

/* xchar (RFC 3461 4): xtext does not encode it. */
#define IS_XCHAR(c) (IS_VCHAR(c) && (c) != '+' && (c) != '=')

/* qtextSMTP (RFC 5321 4.1.2): no quote and no backslash. */
#define IS_QTEXT(c) ((IS_VCHAR(c) || (c) == ' ') && (c) != '"' && (c) != '\\')

/* dcontent (RFC 5321 4.1.3): no bracket and no backslash. */
#define IS_DCONTENT(c) (IS_VCHAR(c) && (c) != '[' && (c) != '\\' && (c) != ']')

#define CLASS(c) \
	((IS_ALNUM(c) ? ASCII_ALNUM : 0) | \
	    (IS_ALNUM(c) || (c) == '-' ? ASCII_LDH : 0) | \
	    (IS_ATEXT(c) ? ASCII_ATEXT : 0) | \
	    (IS_VCHAR(c) ? ASCII_VCHAR : 0) | \
	    (IS_XCHAR(c) ? ASCII_XCHAR : 0) | \
	    (IS_QTEXT(c) ? ASCII_QTEXT : 0) | \
	    (IS_DCONTENT(c) ? ASCII_DCONTENT : 0) | \
	    (IS_ALNUM(c) || (c) == '+' || (c) == '/' ? ASCII_BASE64 : 0))
#define FOUR(c)    CLASS(c), CLASS((c) + 1), CLASS((c) + 2), CLASS((c) + 3)
#define SIXTEEN(c) FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)

/* An octet above 127 belongs to no class. */
const unsigned char mailin_ascii[256] = { SIXTEEN(0), SIXTEEN(16), SIXTEEN(32),
	SIXTEEN(48), SIXTEEN(64), SIXTEEN(80), SIXTEEN(96), SIXTEEN(112) };
