#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# nginx is in front of mailin-server: its mail proxy sends XCLIENT, and then
# passes on what the client sends (threat V51).
. "$srcdir/tests/programs/server.sh"

# If nginx is not installed, quickstart unpacks it in the build folder.
PATH=$PATH:/usr/sbin:/sbin:$srcdir/build/nginx/usr/sbin
file=$(readlink -f "$(command -v nginx)") || skip "nginx is missing"
module=${file%/usr/sbin/nginx}/usr/lib/nginx/modules/ngx_mail_module.so
[ -e "$module" ] || nginx -V 2>&1 | grep -q -e '--with-mail\( \|$\)' ||
    skip "nginx has no mail module"

start --trace --xclient-from 127.0.0.1
py nginx "$port" "$maildir" "$scratch/nginx" "$module" ||
    fail "nginx: $(tail -n 5 "$scratch/nginx/log" 2>/dev/null)"
stop
# Check first that nginx sent XCLIENT: without that nothing was tested.
for text in '< XCLIENT .*ADDR=127.0.0.9' \
    '< XCLIENT .*LOGIN=alice' '> 550 5.7.0 Not allowed'; do
	grep -q -e "$text" "$scratch/errors" || fail "the trace has no $text"
done
grep -q -F -e 10.0.0.1 "$scratch/log" && fail "the log has a forged address"
[ "$(grep -c -e 'event=message .* client=127\.0\.0\.9 ' \
    "$scratch/log")" -eq 2 ] ||
    fail "the log does not name the client: $(cat "$scratch/log")"
exit $status
