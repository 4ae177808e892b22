#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# --extensions: which keywords EHLO offers, and which of them mailin-server
# implements.
. "$srcdir/tests/programs/server.sh"

start
py extensions offers "$port" PIPELINING ENHANCEDSTATUSCODES SIZE 8BITMIME \
    CHUNKING SMTPUTF8 || fail "the default"
py extensions refused "$port" "MAIL FROM:<a@example.org> BODY=BINARYMIME" ||
    fail "BINARYMIME is not offered, but accepted"
stop

start --extensions "" --message-size 1000000
py extensions offers "$port" || fail "--extensions ''"
py extensions refused "$port" "MAIL FROM:<a@example.org> SMTPUTF8" \
    "MAIL FROM:<a@example.org> BODY=BINARYMIME" ||
    fail "parameters of extensions that are not offered"
stop

# BINARYMIME needs CHUNKING, and SMTPUTF8 needs 8BITMIME.
start --extensions BINARYMIME,SMTPUTF8
py extensions offers "$port" ||
    fail "an extension without the one that it needs"
stop

start --extensions SIZE,CHUNKING,BINARYMIME,DSN,LIMITS \
    --message-size 1000000 --message-recipients 100 --transactions 3
py extensions offers "$port" "SIZE 1000000" CHUNKING BINARYMIME DSN \
    "LIMITS RCPTMAX=100 MAILMAX=3" || fail "--extensions with other names"

# Send all octets, with CR, LF and the end of data among them.  None of them
# may be taken for a command or for the end of a line.
python3 -c 'import sys
sys.stdout.buffer.write(b"Subject: binary\r\n\r\n" + bytes(range(256)) * 40 +
    b"\r\n.\r\nMAIL FROM:<>\r\n\n.\n\r.\r..\r\n\0")' >"$scratch/binary"
py extensions binary "$port" "$scratch/binary" &&
py stored "$maildir" "$scratch/binary" alice@example.org bob@example.org ||
    fail "BINARYMIME"
stop

exit $status
