#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# --protocol lmtp: each recipient gets its own reply, but only one message is
# stored.
. "$srcdir/tests/programs/server.sh"

start --protocol lmtp --domain example.org
py lmtp "$port" "$maildir" || fail "not one reply for each recipient"
stop
[ "$(grep -c " event=message .* recipients=4 size=" "$scratch/log")" -eq 4 ] ||
    fail "the log: $(cat "$scratch/log")"

launch sh -c 'ulimit -f 64; exec "$@"' sh "$server" --protocol lmtp \
    --listen 127.0.0.1:0 --maildir "$maildir"
py lmtp "$port" full || fail "a message that cannot be stored"
stop
[ -z "$(find "$maildir/new" "$maildir/tmp" -type f)" ] ||
    fail "451, but something is stored"

exit $status
