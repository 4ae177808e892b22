#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --stdio, run by a script and by inetd.
. "$srcdir/tests/programs/server.sh"

py stdio_client "$server" "$maildir" || fail "--stdio"

# Run the server with closed standard files: its own output must not get into a
# message.
"$server" --stdio --maildir "$maildir" <&- >&- 2>&- || fail "closed files"

exit $status
