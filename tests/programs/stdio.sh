#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --stdio, run by a script and by inetd.
. "$srcdir/tests/programs/server.sh"

py stdio_client "$server" "$maildir" || fail "--stdio"

# With closed standard files: nothing that it prints may get into a message.
"$server" --stdio --maildir "$maildir" <&- >&- 2>&- || fail "closed files"

exit $status
