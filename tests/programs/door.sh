#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --smtp and --lmtp: a back end gets the mail, and the client gets
# the back end's replies, whatever the back end does.
. "$srcdir/tests/programs/server.sh"

# ---- Options ----

for address in "" x x: :25 host:0 host:65536 host:-1 "ho st:25" "[::1]" \
    "[x]:25" "::1:25x" unix: "unix:$(printf '%0108d' 0)"; do
	refuses 2 "--smtp takes HOST:PORT" --smtp "$address"
	refuses 2 "--lmtp takes HOST:PORT" --lmtp "$address"
done
refuses 2 "host.invalid:25: " --smtp host.invalid:25
refuses 2 "--lmtp cannot be used with --smtp" --smtp unix:a --lmtp unix:b
for option in --discard --stdio --maildir=m --maildir-newline=lf --workers=4; do
	for back_end in --smtp --lmtp; do
		refuses 2 "${option%=*} cannot be used with $back_end" \
		    $back_end unix:a $option
		[ "$(wc -l <"$scratch/errors")" -eq 2 ] || fail "$option: lines"
	done
done
refuses 2 "--bare-newline preserve: smtp" --smtp unix:a \
    --bare-newline preserve
refuses 2 "--back-end-timeout needs --smtp or --lmtp" \
    --back-end-timeout 5
for seconds in 0 3601 x; do
	refuses 2 "--back-end-timeout takes a number from 1 to 3600" \
	    --smtp unix:a --back-end-timeout $seconds
done
"$server" --check-config --smtp "unix:$(printf '%0107d' 0)" \
    --back-end-timeout 3600 >/dev/null || fail "the longest path"

# warned WHERE OPTION...: the options are correct, but the server warns once
# that anyone may send mail to anyone.
warned() {
	where=$1
	shift
	"$server" --check-config "$@" >"$scratch/log" 2>"$scratch/errors" ||
	    fail "$*: $(cat "$scratch/errors")"
	case $where in
	--) options="--domain, --recipients or --auth required" ;;
	*) options="domain, recipients or auth required" ;;
	esac
	[ "$(cat "$scratch/errors")" = "mailin-server: ${where}smtp hands on\
 mail from anyone to anyone, and the back end may relay it for this server:\
 give $options" ] || fail "$*: $(cat "$scratch/errors")"
}

# trusted OPTION...: the server does not warn about the options.
trusted() {
	"$server" --check-config "$@" >"$scratch/log" 2>"$scratch/errors" &&
	    [ ! -s "$scratch/errors" ] || fail "$*: $(cat "$scratch/errors")"
}

echo "bob@example.org" >"$scratch/list"
# crypt(3) never returns "!", so nobody can log in as bob.
echo "bob:!" >"$scratch/passwd"
login="--passwd $scratch/passwd --tls optional"
warned -- --smtp unix:a
warned -- --smtp unix:a --smtp unix:b
trusted --smtp unix:a --domain example.org
trusted --smtp unix:a --recipients "$scratch/list"
warned -- --smtp unix:a $login
trusted --smtp unix:a $login --auth required
trusted --smtp unix:a --back-end-xclient
trusted --lmtp unix:a
conf=$scratch/conf
cat >"$conf" <<'END'
smtp = unix:a

[listener one]
listen = 127.0.0.1:0
domain = example.org

[listener two]
listen = 127.0.0.1:0
END
if has_inih; then
	warned "$conf:7: " --config "$conf"
	trusted --config "$conf" --domain example.org
else
	echo "SKIP: files: mailin-server was built without inih"
fi

# ---- Mail ----

# opens OPTION...: start a server with a back end in the folder of the test.
opens() {
	launch "$server" --listen 127.0.0.1:0 --hostname mx.example.org \
	    --message-size 200M "$@"
}

smtp=unix:$scratch/back
opens --threads 1 --smtp "$smtp"
run_tests door octets replies parameters xforward
run_tests door_connections kept blameless
run_tests door_faults mid_message client_gone pressure slow faults ends \
    too_long over_size starved
run_tests door_attacks smuggled odd_recipients strangers words too_early
stop
opens --threads 1 --smtp "$smtp" --bare-newline reject
run_tests door_attacks smuggled_refused
stop
opens --threads 3 --smtp "$smtp"
run_tests door octets
run_tests door_connections kept
run_tests door crowd stopping
ended 0
opens --threads 1 --smtp "$smtp"
run_tests door_offers offers
stop
# Switch on all extensions that --help lists, so that a new one is tested, too.
# Leave out the three that the server refuses.  Also leave out STARTTLS and
# REQUIRETLS, which need TLS (door_tls.sh).
extensions=$("$server" --help | tr -d '\n' | sed 's/  */ /g
	s/.*the extensions that EHLO offers (\([^;]*\);.*/\1/
	s/, /,/g')
case $extensions in
*PIPELINING,*,LIMITS,*) ;;
*) fail "--help does not list the extensions: $extensions" ;;
esac
extensions=$(echo ",$extensions," | sed 's/,STARTTLS,/,/; s/,REQUIRETLS,/,/
	s/,BURL,/,/; s/,XCLIENT,/,/; s/,XFORWARD,/,/; s/^,//; s/,$//')
opens --threads 1 --smtp "$smtp" --extensions "$extensions"
run_tests door_offers offers_no_other
stop
opens --threads 1 --smtp "$smtp" --transactions 7
run_tests door_offers limits
stop
opens --threads 1 --smtp "$smtp"
run_tests door_connections spent goodbye
ended 0
opens --threads 1 --smtp "$smtp" --back-end-timeout 1
run_tests door_faults silent
stop
opens --threads 1 --smtp "$smtp" --smtp "unix:$scratch/other"
run_tests door_connections turns
stop
opens --threads 1 --smtp "$smtp" --smtp "unix:$scratch/other"
run_tests door_faults one_by_one
stop
opens --threads 1 --smtp "$smtp"
run_tests door_faults offers_less unanswered
stop
for threads in 1 3; do
	launch sh -c 'ulimit -n 64; exec "$@"' sh "$server" \
	    --listen 127.0.0.1:0 --threads $threads --smtp "$smtp"
	run_tests door_faults held
	stop
done
launch "$server" --listen 127.0.0.1:0 --threads 1 --smtp "$smtp" \
    --hostname "$(printf '%061d.%061d.%061d.%061d' 1 2 3 4)"
run_tests door_faults too_long_here
stop
opens --threads 1 --smtp "$smtp" --extensions ENHANCEDSTATUSCODES,RRVS
run_tests door_faults unwritable
stop
opens --threads 1 --smtp "$smtp" --parameters ignore
run_tests door_faults ignored
stop
for name in greeting_closes greeting_refuses greeting_is_wrong no_ehlo \
    many_ehlo ehlo_closes never; do
	opens --smtp "$smtp"
	run_tests door_faults $name
	stop
done
if has_inih; then
	printf '\nsmtp = %s\n' "$smtp" >"$conf"
	opens --threads 1 --config "$conf"
	run_tests door_connections exchanged
	stop
fi
launch "$server" --listen 127.0.0.1:0 --smtp "$smtp"
run_tests door_offers offers
stop
opens --lmtp "$smtp"
run_tests door lmtp turns
run_tests door_offers one_at_a_time
stop
opens --lmtp "$smtp" --protocol lmtp
run_tests door lmtp_both lmtp_breaks
stop
opens --smtp "$smtp" --protocol lmtp
run_tests door lmtp_to_smtp
stop

exit $status
