/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CODEC_H
#define MAILIN_CODEC_H

#include <mailin/error.h>
#include <mailin/span.h>

/*
 * The encodings of the values of ESMTP parameters.  Each function writes to
 * out and sets *out_len.  out has at least the room that the function's
 * comment says, and does not overlap "in".  No NUL is added.  Decoded values
 * may hold any octet, even NUL.  Some parameters forbid some octets; the
 * tokenizer has then refused the command.
 *
 * out may be NULL if "in" is empty.  After an error *out_len has not changed,
 * and the octets of out are undefined.
 */

/*
 * Decode xtext (RFC 3461 4): "+" and two hexadecimal digits encode an octet.
 * RFC 3461 wants the digits in upper case; if any_case is true, lower case is
 * accepted, too.  Pass true for MAIL's AUTH= (RFC 4954 8), and for ENVID and
 * ORCPT if the syntax is RELAXED.  out needs room for in.len octets.
 *
 * SYNTAX: "in" is no xtext.  ARGUMENT: out_len is NULL, out is NULL and "in"
 * is not empty, or "in" has a length but no pointer.
 */
MAILIN_EXPORT enum mailin_error mailin_xtext_decode(struct mailin_span in,
    bool any_case, char *out, size_t *out_len);

/* Encode octets as xtext (RFC 3461 4).  out needs room for 3 * in.len octets.
 * ARGUMENT: out_len is NULL, out is NULL and "in" is not empty, or "in" has a
 * length but no pointer. */
MAILIN_EXPORT enum mailin_error mailin_xtext_encode(struct mailin_span in,
    char *out, size_t *out_len);

/*
 * Decode base64 (RFC 4648 4) in its only canonical form: the length is a
 * multiple of 4, with padding; all octets are in the alphabet; unused bits are
 * zero.  out needs room for in.len / 4 * 3 octets.
 *
 * SYNTAX: "in" is not canonical base64.  ARGUMENT: out_len is NULL, out is
 * NULL and "in" is not empty, or "in" has a length but no pointer.
 */
MAILIN_EXPORT enum mailin_error mailin_base64_decode(struct mailin_span in,
    char *out, size_t *out_len);

/* Encode octets as base64 (RFC 4648 4), with padding.  out needs room for
 * (in.len + 2) / 3 * 4 octets.  ARGUMENT: out_len is NULL, out is NULL and "in"
 * is not empty, or "in" has a length but no pointer. */
MAILIN_EXPORT enum mailin_error mailin_base64_encode(struct mailin_span in,
    char *out, size_t *out_len);

/*
 * Decode the address of an ORCPT= whose type is utf-8 (RFC 6533 3).  "\x{E9}"
 * encodes the code point U+00E9; "\", "+" and "=" must be encoded.  The result
 * is valid UTF-8.  out needs room for in.len octets.
 *
 * SYNTAX: "in" is not such an address.  ARGUMENT: out_len is NULL, out is NULL
 * and "in" is not empty, or "in" has a length but no pointer.
 */
MAILIN_EXPORT enum mailin_error mailin_utf8_address_decode(
    struct mailin_span in, char *out, size_t *out_len);

/* Returns true if the octets are well-formed UTF-8 (RFC 3629 4), which
 * includes ASCII.  Returns false also if "in" has a length but no pointer. */
MAILIN_EXPORT bool mailin_utf8_valid(struct mailin_span in);

#endif
