#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --stdio, as a script and as inetd run it.
. "$srcdir/tests/server.sh"

py stdio_client "$server" "$maildir" || fail "--stdio"

# Without standard files: nothing that it prints may get into a message.
"$server" --stdio --maildir "$maildir" <&- >&- 2>&- || fail "closed files"

exit $status
