#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --config: files with settings, and their sections.
. "$srcdir/tests/programs/server.sh"

conf=$scratch/conf

if ! has_inih; then
	refuses 2 "--config $conf: this build has no files of settings" \
	    --config "$conf" --check-config
	[ $status -eq 0 ] || exit 1
	skip "mailin-server was built without inih"
fi

# refused TEXT [OPTION...]: the settings must be refused in one line.
refused() {
	text=$1
	shift
	for check in --check-config --discard; do
		refuses 2 "$text" --config "$conf" "$@" $check
		[ "$(wc -l <"$scratch/errors")" -eq 1 ] ||
		    fail "not one line: $(cat "$scratch/errors")"
		[ ! -s "$scratch/log" ] || fail "output: $(cat "$scratch/log")"
	done
}

# has_tls: succeeds if mailin-server was built with OpenSSL.
has_tls() {
	! "$server" --tls-key none --stdio 2>&1 | grep -q 'has no TLS'
}

# wrong LINE TEXT: the settings in standard input must be refused, with a
# message TEXT about this line.
wrong() {
	cat >"$conf"
	refused "mailin-server: $conf:$1: $2"
}

# right TEXT [OPTION...]: the settings TEXT must be accepted.
right() {
	text=$1
	shift
	"$server" --config "$conf" "$@" --check-config >"$scratch/log" \
	    2>"$scratch/errors" || fail "$(cat "$conf" "$scratch/errors")"
	[ ! -s "$scratch/errors" ] &&
	    [ "$(cat "$scratch/log")" = "$conf is correct, with $text" ] ||
	    fail "not '$text': $(cat "$scratch/log" "$scratch/errors")"
}

# ---- Files ----

refused "$conf: No such file or directory"
mkdir "$conf"
refused "$conf: not a regular file"
rmdir "$conf"
mkfifo "$conf"
refused "$conf: not a regular file"
rm "$conf"
touch "$conf"
if [ "$(id -u)" -ne 0 ]; then
	chmod 0 "$conf"
	refused "$conf: Permission denied"
	chmod 600 "$conf"
else
	echo "SKIP: root may read any file"
fi
right "1 listener"
refuses 2 "--config takes a file, not ''" --config ""
refuses 2 "--check-config takes no value" --check-config=yes
"$server" --check-config >"$scratch/log" || fail "--check-config alone"
[ "$(cat "$scratch/log")" = "the options are correct, with 1 listener" ] ||
    fail "--check-config alone: $(cat "$scratch/log")"
refuses 2 "--threads takes a number" --check-config --threads 0

# ---- Lines ----

wrong 2 "neither name = value nor a section" <<'END'
threads = 1
threads
END
printf 'threads = 1\nmaildir = a\0b\n' | wrong 2 "a NUL octet in the line"
printf 'maildir = a\n\0' | wrong 2 "a NUL octet in the line"
# inih takes lines of up to 198 octets.
long=$(printf '%0200d' 0)
echo "maildir = ${long#000000000000}" >"$conf"
right "1 listener"
echo "maildir = ${long#00000000000}" | wrong 1 "a line of more than 198 octets"
echo "   maildir = ${long#000000000000}" >"$conf"
right "1 listener"
echo "[listener $long]" | wrong 1 "a line of more than 198 octets"
printf '#%s%s\n;%s%s\n' "$long" "$long" "$long" "$long" >"$conf"
right "1 listener"

printf '\357\273\277hostname = a.example\r\n;x\r\n \t\r\n\tthreads: 2 ; x\r\n' \
    >"$conf"
right "1 listener"
printf '\357\273\277[listener a]\nthreads = 2\n' |
    wrong 2 "'threads' concerns the whole server: it belongs before"
printf '\357\273\277 [listener a]\nthreads = 2\n' |
    wrong 2 "'threads' concerns the whole server: it belongs before"
printf '\357\273\277#%s%s\n' "$long" "$long" >"$conf"
right "1 listener"
for mark in '\357\273\277\357\273\277' ' \357\273\277'; do
	printf "$mark[listener a]\nthreads = 2\n" |
	    wrong 1 "a mark of UTF-8 (BOM) after the beginning of the file"
done
# inih would append the second line to the first one.
for blank in ' ' '\t' '\v' '\f' '\r'; do
	printf "hostname = a.example\n${blank}stdio = yes\n" |
	    wrong 2 "'stdio' is an option of the command line only"
	printf "[listener a]\nlisten = 25\n${blank}[listener a]\n" |
	    wrong 3 "there is a section [listener a] above"
done

# ---- Options ----

wrong 1 "'lisen' is no option" <<'END'
lisen = 25
END
wrong 1 "'--listen' is no option" <<'END'
--listen = 25
END
wrong 1 "'' is no option" <<'END'
= 25
END
for name in config check-config help version stdio; do
	echo "$name = yes" |
	    wrong 1 "'$name' is an option of the command line only"
done
for value in on 1 true '' YES 'yes yes' 'yes # now'; do
	echo "trace = $value" | wrong 1 "trace takes yes or no, not '$value'"
done
printf 'trace = no\ndiscard = yes\n' >"$conf"
right "1 listener"
wrong 3 "'grace' is given a second time" <<'END'
grace = 1

grace = 1
END
wrong 4 "'message-size' is given a second time" <<'END'
[listener a]
listen = 25
message-size = 1
message-size = 2
END
wrong 2 "threads takes a number from 1 to 1024, not '0'" <<'END'
# 1
threads = 0
END
wrong 1 "message-size takes a number from 0 to" <<'END'
message-size = 50X
END
wrong 1 "listen takes an address" <<'END'
listen = localhost
END
wrong 1 "tls-certificate takes a file, not ''" <<'END'
tls-certificate =
END
# A wrong value is refused even if each section, or the command line, replaces
# it.
wrong 1 "syntax takes one of strict, relaxed, not 'loose'" <<'END'
syntax = loose
[listener a]
listen = 25
syntax = strict
END

echo "workers = 0" >"$conf"
refused "$conf:1: workers takes a number" --workers 1
echo "domain = @" >"$conf"
refused "$conf:1: domain takes a domain" --domain example.org

# ---- Sections ----

for section in '' listener 'listener ' queue 'queue a' 'Listener a' listenera \
    'listener a b' 'listener a/b' \
    'listener 123456789012345678901234567890123'; do
	printf '\n[%s]\nlisten = 25\n' "$section" |
	    wrong 2 "a section is [listener NAME], where NAME has at most 32"
done
cat >"$conf" <<'END'
[listener 12345678901234567890123456789-_.]
listen = 25
[listener	a] ; a comment
listen = 26
listen-tls = 27
tls-certificate = none
END
if has_tls; then
	refused "none: "
else
	refused "$conf:3: this server has no TLS"
fi
wrong 1 "no ] after [" <<'END'
[listener a
END
wrong 1 "text after the ] of a section" <<'END'
[listener a] b
END
wrong 1 "text after the ] of a section" <<'END'
[listener a];b
END
wrong 1 "text after the ] of a section" <<'END'
[listener a] listen = 25
END
wrong 3 "there is a section [listener a] above" <<'END'
[listener a]
listen = 25
[listener a]
listen = 26
END
wrong 3 "[listener a] needs listen or listen-tls" <<'END'
# A section does not inherit the option listen.
listen = 25
[listener a]
[listener b]
listen = 26
END
for places in '25 *:25' '127.0.0.1:25 127.0.0.1:25' '[::1]:25 [::1]:25'; do
	printf 'listen = %s\n[listener a]\nlisten = %s\n' $places >"$conf"
	refused "$conf:2: there are two listeners for ${places#* }"
done
for places in '25 127.0.0.1:25' '0 *:0' '[::1]:0 [::1]:0' '25 26'; do
	printf 'listen = %s\n[listener a]\nlisten = %s\n' $places >"$conf"
	right "2 listeners"
done
wrong 4 "passwd needs tls-certificate or tls-self-signed; or proxy-from, if a\
 proxy does TLS" <<'END'
listen = 25
tls = optional

[listener a]
listen = 26
tls = for-auth
passwd = users
END
# An option has an effect, or it is an error.
echo "joe@example.org" >"$scratch/list"
echo "ignore-case = yes" | wrong 1 "ignore-case needs recipients or passwd"
echo "ignore-case = no" >"$conf"
right "1 listener"
printf 'ignore-case = yes\n[listener a]\nlisten = 25\n' |
    wrong 1 "ignore-case needs recipients or passwd"
printf 'ignore-case = yes\nlisten = 26\n[listener a]\nlisten = 25\n%s\n' \
    "recipients = $scratch/list" >"$conf"
right "2 listeners"
wrong 3 "ignore-case needs recipients or passwd" <<'END'
[listener a]
listen = 25
ignore-case = yes
END
wrong 2 "maildir-newline cannot be used with lmtp" <<END
lmtp = unix:a
maildir-newline = lf
END
wrong 1 "back-end-timeout needs smtp or lmtp" <<END
back-end-timeout = 5
discard = yes
END
cat >"$conf" <<'END'
auth = required
END
refused "$conf: auth required needs passwd"
cat >"$conf" <<'END'
[listener a]
listen = 25
END
refuses 2 "$conf:1: --stdio serves one client, so there can be no section" \
    --config "$conf" --stdio

# ---- Files that are named ----

for option in "passwd = $scratch/none" "tls-certificate = $scratch/none"; do
	printf '[listener a]\nlisten = 25\ntls = optional\n%s\n' "$option" \
	    >"$conf"
	case $option in
	tls*) has_tls || continue ;;
	esac
	refused "$scratch/none: No such file"
done

# ---- The example ----

if command -v openssl >/dev/null && openssl req -x509 -newkey ec \
    -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=mx.example.org \
    -keyout "$scratch/key" -out "$scratch/pem" 2>/dev/null && has_tls
then
	echo 'joe:!' >"$scratch/users"
	sed "s|/etc/ssl/.*pem|$scratch/pem|; s|/etc/ssl/.*key|$scratch/key|
	    s|/etc/mailin/users|$scratch/users|" \
	    "$srcdir/doc/mailin-server.conf" >"$conf"
	right "3 listeners"
	# If a section has its own certificate, it does not inherit the key of
	# another one.
	cat "$scratch/key" "$scratch/pem" >"$scratch/both"
	sed -i "s|^\[listener mx.*|&\ntls-certificate = $scratch/both|
	    s|^tls-key.*|tls-key = $scratch/users|
	    s|^listen = \*:587|&\ntls-key = $scratch/key|" "$conf"
	right "3 listeners"
else
	echo "SKIP: the example: there is no TLS, or no openssl command"
fi

# ---- Settings that sections inherit ----

# The hash of "secret" by crypt(3), with MD5, which is quick.
echo 'joe:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/users"
echo 'ann:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1' >"$scratch/others"
cat >"$conf" <<END
hostname = top.example
maildir = $scratch/wrong
domain = top.example
tls = optional
message-size = 1M
listen = 127.0.0.1:0

[listener users]
listen = 127.0.0.1:0
hostname = users.example
passwd = $scratch/users
auth = required
message-size = 2k

[listener others]
listen = 127.0.0.1:0
passwd = $scratch/others
domain = others.example
domain = more.example
pipelining = allow

[listener mx]
listen = 127.0.0.1:0
END
launch "$server" --config "$conf" --maildir "$maildir" --hostname cmd.example
ports=$(sed -n 's/^listening on .*:\([0-9]*\), .*/\1/p' "$scratch/log")
py settings inherited $ports || fail "sections"
stop
[ -d "$maildir" ] && [ ! -e "$scratch/wrong" ] ||
    fail "--maildir does not replace that of the file"

# The command line says where to listen, and sections keep their own places.
cat >"$conf" <<END
maildir = $scratch/mail
listen = 192.0.2.1:25
discard = yes
[listener a]
listen = 127.0.0.1:0
END
right "2 listeners" --listen 127.0.0.1:0
right "3 listeners" --listen 127.0.0.1:0 --listen '[::1]:0'
launch "$server" --config "$conf" --listen 127.0.0.1:0
stop

exit $status
