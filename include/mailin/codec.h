/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CODEC_H
#define MAILIN_CODEC_H

#include <mailin/error.h>
#include <mailin/span.h>

/*
 * The encodings that ESMTP values come in.  Each function writes to out,
 * which has the room that its comment says, sets *out_len, and returns OK.
 * SYNTAX: in is not well-formed, and out holds nothing of use.  Decoded values
 * may hold any octet, NUL too, unless a parameter's own rule forbids it (the
 * tokenizer has then refused the command).  out may not overlap in, and may be
 * NULL where in is empty.
 */

/*
 * xtext, RFC 3461 4: "+" and two hexadecimal digits encode an octet.
 * Upper-case digits only, as that RFC asks, unless any_case is true.  Pass true
 * for MAIL's AUTH= (RFC 4954 8), and for ENVID and ORCPT where the syntax is
 * RELAXED, which takes lower case there too.  Room: in.len octets.
 */
MAILIN_EXPORT enum mailin_error mailin_xtext_decode(struct mailin_span in,
    bool any_case, char *out, size_t *out_len);

/* Room: 3 * in.len octets. */
MAILIN_EXPORT enum mailin_error mailin_xtext_encode(struct mailin_span in,
    char *out, size_t *out_len);

/*
 * base64, RFC 4648 4, canonical: length a multiple of 4, padded, no octet
 * outside the alphabet, unused bits zero.  Room: in.len / 4 * 3 octets, and
 * (in.len + 2) / 3 * 4.
 */
MAILIN_EXPORT enum mailin_error mailin_base64_decode(struct mailin_span in,
    char *out, size_t *out_len);
MAILIN_EXPORT enum mailin_error mailin_base64_encode(struct mailin_span in,
    char *out, size_t *out_len);

/*
 * The address of ORCPT=utf-8;..., RFC 6533 3: "\x{E9}" encodes the code
 * point U+00E9; "\", "+" and "=" must be encoded.  The result is
 * valid UTF-8.  Room: in.len octets.
 */
MAILIN_EXPORT enum mailin_error mailin_utf8_address_decode(
    struct mailin_span in, char *out, size_t *out_len);

/* True if the octets are well-formed UTF-8 (RFC 3629 4); ASCII is. */
MAILIN_EXPORT bool mailin_utf8_valid(struct mailin_span in);

#endif
