#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# --proxy-from and --xclient-from: whom mailin-server believes, and whom not.
. "$srcdir/tests/server.sh"

# 127.0.0.2 is in both: the PROXY header counts, and XCLIENT is not offered.
start --trace --proxy-from 127.0.0.2 --proxy-from 127.2.128.0/17 \
    --proxy-from 2001:db8::/32 --xclient-from ::1 \
    --xclient-from 127.0.0.2/31 --xclient-from=127.4.0.0/14
# The strangers are the neighbours of those networks.
py proxies "$port" "$maildir" 127.0.0.2 127.0.0.3 127.0.0.1 127.0.0.4 ||
    fail "the first networks"
py proxies "$port" "$maildir" 127.2.255.255 127.7.255.255 127.2.127.255 \
    127.3.0.0 127.3.255.255 127.8.0.0 || fail "the second networks"
stop

for text in "client=192.0.2.7 " "client=2001:db8::7 " "client=192.0.2.9 " \
    "client=127.0.0.3 origin=198.51.100.1 " "client=127.0.0.1 "; do
	grep -qF -e " recipients=1 $text" "$scratch/log" ||
	    fail "the log has no $text"
done
for text in "= 192.0.2.7 port 4567" "= 2001:db8::7 port 4567" \
    "< XCLIENT NAME=host.example.net ADDR=192.0.2.9 PORT=99" \
    "mailin-server: 127.0.0.2 is in --proxy-from and sent no PROXY header"
do
	grep -qF -e "$text" "$scratch/errors" || fail "the trace has no $text"
done

exit $status
