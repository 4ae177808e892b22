#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Clients that other people wrote deliver to mailin-server.  It must store each
# file octet for octet.
. "$srcdir/tests/programs/server.sh"

py messages "$scratch"

# Each of these functions gets a file, the sender and the recipients.

by_swaks() {
	file=$1 sender=$2
	shift 2
	swaks --silent 2 --server 127.0.0.1 --port "$port" \
	    --helo client.example.org --from "${sender:-<>}" \
	    --to "$(echo "$*" | tr ' ' ,)" --data - <"$scratch/$file.swaks"
}

by_smtplib() {
	py smtplib_client : "$port" "$scratch/$1" "$2" $3 ${4:-}
}

by_curl() {
	curl -sS "smtp://127.0.0.1:$port/client.example.org" \
	    --mail-from "${2:-<>}" --mail-rcpt "$3" ${4:+--mail-rcpt "$4"} \
	    --upload-file "$scratch/$1"
}

by_msmtp() {
	file=$1 sender=$2
	shift 2
	msmtp --file=/dev/null --host=127.0.0.1 --port="$port" --tls=off \
	    --auth=off --domain=client.example.org --from="${sender:-<>}" \
	    -- "$@" <"$scratch/$file"
}

# deliver CLIENT FILE SENDER RECIPIENT...: send the file, and check what is
# stored.
deliver() {
	client=$1
	shift
	file=$1
	sender=$2
	if ! "by_$client" "$@" >"$scratch/client" 2>&1; then
		fail "$client, $*: $(tail -n 3 "$scratch/client")"
		return
	fi
	shift
	fault=$(py stored "$maildir" "$scratch/$file" "$@" 2>&1) ||
	    fail "$client, $file, $*: $fault"
}

each_client() {
	for client in swaks smtplib curl msmtp; do
		if [ $client != smtplib ] && ! command -v $client >/dev/null
		then
			echo "SKIP: $client is missing"
			continue
		fi
		deliver $client dots alice@example.org bob@example.org
		deliver $client big alice@example.org bob@example.org
		deliver $client short "" bob@example.org
		$can_copy || continue
		deliver $client dots alice@example.org bob@example.org \
		    carol@example.net
	done
}

can_copy=true
start
each_client
stop

# Repeat all deliveries with another server behind the first one.  A client that
# speaks SMTP can name one recipient at a time to a back end that speaks LMTP.
back=
trap '[ -z "$back" ] || kill -9 "$back" 2>/dev/null || :; clean_up' EXIT
mkdir "$scratch/back"
HOPS=2
export HOPS
for protocol in smtp lmtp; do
	[ $protocol = smtp ] || can_copy=false
	front=$scratch
	scratch=$scratch/back
	start --protocol $protocol
	scratch=$front back=$pid
	launch "$server" --listen 127.0.0.1:0 --hostname door.example.org \
	    --$protocol "127.0.0.1:$port"
	each_client
	stop
	pid=$back back=
	stop
done
unset HOPS

start --protocol lmtp
py lmtp_client "$port" "$scratch/short" alice@example.org \
    bob@example.org carol@example.net &&
py stored "$maildir" "$scratch/short" alice@example.org bob@example.org \
    carol@example.net || fail "LMTP to two recipients"
stop

for policy in normalize reject preserve; do
	start --bare-newline $policy
	py bare_newline "$port" $policy "$maildir" ||
	    fail "--bare-newline $policy"
	stop
done

# The hash of "secret" by crypt(3), with SHA-512.
cat >"$scratch/passwd" <<'END'
# A comment.
locked:!
joe:$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.
END
start --passwd "$scratch/passwd" --tls optional --auth required
py smtplib_client joe:secret "$port" "$scratch/short" alice@example.org \
    bob@example.org &&
py stored "$maildir" "$scratch/short" alice@example.org bob@example.org ||
    fail "AUTH with the right password"
for word in joe:wrong nobody:secret locked:secret; do
	if py smtplib_client $word "$port" "$scratch/short" a@example.org \
	    bob@example.org >"$scratch/client" 2>&1; then
		fail "AUTH as $word"
	fi
	grep -q SMTPAuthenticationError "$scratch/client" ||
	    fail "AUTH as $word: $(tail -n 1 "$scratch/client")"
done
stop

start --domain Example.ORG --domain example.net
py smtplib_client : "$port" "$scratch/short" alice@example.com \
    bob@example.org carol@EXAMPLE.net postmaster &&
py stored "$maildir" "$scratch/short" alice@example.com bob@example.org \
    carol@EXAMPLE.net postmaster || fail "--domain refuses its own domain"
if py smtplib_client : "$port" "$scratch/short" alice@example.org \
    dave@example.com >"$scratch/client" 2>&1; then
	fail "--domain accepts another domain"
fi
grep -q '5\.7\.1' "$scratch/client" || fail "--domain: no 550 5.7.1"
stop

exit $status
