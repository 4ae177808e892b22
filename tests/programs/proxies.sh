#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# --proxy-from and --xclient-from: which peers mailin-server trusts.
. "$srcdir/tests/programs/server.sh"

# 127.0.0.2 is in both lists: it must send a PROXY header, and is not offered
# XCLIENT.
start --trace --proxy-from 127.0.0.2 --proxy-from 127.2.128.0/17 \
    --proxy-from 2001:db8::/32 --xclient-from ::1 \
    --xclient-from 127.0.0.2/31 --xclient-from=127.4.0.0/14 \
    --proxy-from ::ffff:127.9.0.1 --xclient-from ::ffff:127.9.1.0/120
# Arguments: addresses inside these networks, and strangers just outside them.
py proxies "$port" "$maildir" 127.0.0.2 127.0.0.3 127.0.0.1 127.0.0.4 ||
    fail "the first networks"
py proxies "$port" "$maildir" 127.2.255.255 127.7.255.255 127.2.127.255 \
    127.3.0.0 127.3.255.255 127.8.0.0 || fail "the second networks"
# A network of IPv4 addresses in IPv6 form (threat V55) is a network of IPv4.
py proxies "$port" "$maildir" 127.9.0.1 127.9.1.255 127.9.0.0 127.9.2.0 ||
    fail "networks in IPv6 form"
stop

for client in 192.0.2.7 192.0.2.77 192.0.2.78 2001:db8::7 192.0.2.9 \
    "127.0.0.3 origin=198.51.100.1" 127.0.0.1; do
	text="client=$client "
	grep -q -e " event=message .* $text.* recipients=1 " "$scratch/log" ||
	    fail "$text is not in the log"
done
for text in "= 192.0.2.7 port 4567" "= 2001:db8::7 port 4567" \
    "< XCLIENT NAME=host.example.net ADDR=192.0.2.9 PORT=99" \
    "msg=\"127.0.0.2 is in --proxy-from and sent no PROXY header"
do
	grep -qF -e "$text" "$scratch/errors" ||
	    fail "$text is not in the trace"
done

# ---- TLS that ends at the proxy ----

# The hash of "secret" by crypt(3), with SHA-512.
cat >"$scratch/passwd" <<'END'
joe:$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.
END
start --trace --proxy-from 127.0.0.2 --tls required --passwd "$scratch/passwd"
py proxied_tls told "$port" "$maildir" 127.0.0.2 127.0.0.3 ||
    fail "TLS at the proxy"
stop
for text in '= TLSv1.3 TLS_AES_256_GCM_SHA384' \
    'server name mx.example.org\x0D\x0A'; do
	grep -qF -e "$text" "$scratch/errors" ||
	    fail "$text is not in the trace"
done
! grep -q '^#1 < forged' "$scratch/errors" ||
    fail "a line of the trace is forged"

start --proxy-from 127.0.0.2 --timeout-proxy 1
py proxied_tls late "$port" 127.0.0.2 || fail "--timeout-proxy"
stop
[ "$(grep -c '127.0.0.2 is in --proxy-from and sent no PROXY header' \
    "$scratch/errors")" -eq 3 ] || fail "late: $(cat "$scratch/errors")"

exit $status
