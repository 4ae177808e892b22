#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --back-end-xclient: the back end treats each client as if it had
# come there by itself.
. "$srcdir/tests/programs/server.sh"

smtp=unix:$scratch/back
refuses 2 "--back-end-xclient needs --smtp or --lmtp" --back-end-xclient
refuses 2 "--back-end-xclient cannot be used with --back-end-auth" \
    --smtp "$smtp" --back-end-auth x --back-end-xclient

hash=$(echo tanstaaf | "$server" --hash-password)
printf '%s\n' "tim:$hash" "a=b:$hash" >"$scratch/passwd"
# opens OPTION...: start a server with a back end.
opens() {
	launch "$server" --listen 127.0.0.1:0 --threads 1 \
	    --hostname mx.example.org --back-end-xclient \
	    --passwd "$scratch/passwd" --tls optional \
	    --xclient-from 127.0.0.4 "$@"
}
opens --smtp "$smtp"
run_tests door_xclient told login proxied once client_refused names refused
stop
opens --lmtp "$smtp"
run_tests door_xclient lmtp
stop

exit $status
