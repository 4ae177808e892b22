#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server --recipients: mail is accepted only for recipients in a list.
. "$srcdir/tests/programs/server.sh"

list=$scratch/list
cat >"$list" <<'END'
# The list has comments and empty lines, which are ignored.

bob@example.org
"john smith"@example.org
"c\arl"@example.org
"a@b"@example.org
""@empty.example
jürgen@grüße.example
joe@[192.0.2.1]
root@mx.example.org
.dots..@dots.example.
@all.example
@[IPv6:2001:DB8::1]
bob@example.org
END
printf '  ann@Example.ORG\t \ndos@example.org\r\nlast@example.org' >>"$list"

start --recipients "$list" --refused-recipients 0
run_tests recipients listed case domains postmaster
stop

start --recipients "$list" --refused-recipients 0 --ignore-case
run_tests recipients listed ignored_case domains postmaster
stop

start --recipients "$list" --domain example.org --domain none.example
run_tests recipients with_domain
stop

for threads in 1 4; do
	cp "$list" "$scratch/changing"
	start --recipients "$scratch/changing" --threads $threads
	run_tests recipients changed broken
	stop
done

printf 'RCPT TO:<%s@example.org>\r\n' bob eve >"$scratch/rcpt"
{
	printf 'EHLO a\r\nMAIL FROM:<>\r\n'
	cat "$scratch/rcpt"
} | "$server" --stdio --maildir "$maildir" --recipients "$list" \
    >"$scratch/log" 2>"$scratch/errors"
grep -q '^250 2.1.5' "$scratch/log" || fail "--stdio: bob is refused"
grep -q '^550 5.1.1' "$scratch/log" || fail "--stdio: eve is accepted"

# ---- Files that are wrong ----

# refuses_line LINE: a list with this line is refused.
refuses_line() {
	printf '# a list\n\nbob@example.org\n%s\neve\n' "$1" >"$list"
	refuses 2 "$list:4: neither an address such as user@example.org nor" \
	    --maildir "$maildir" --recipients "$list"
	[ "$(wc -l <"$scratch/errors")" -eq 1 ] || fail "'$1': not one line"
}

long=$(printf '%0256d' 0)
for line in bob example.org @ bob@ @@example.org "bob@a b" "b b@example.org" \
    "bob@example.org # a comment" "bob@example.org ann@example.org" \
    "<bob@example.org>" bob@example.org, bob@.org @.org @example..org \
    "@<a>" "@[192.0.2.256]" "bob@[192.0.2.1" "$long@example.org" \
    "$(printf 'bob@example.org\001')" "$(printf 'j\374rgen@example.org')"; do
	refuses_line "$line"
done
printf 'bob@example.org\0\n' >"$list"
refuses 2 "$list:1: neither an address" --maildir "$maildir" \
    --recipients "$list"
printf '# nobody\n\n' >"$list"
refuses 2 "$list: no recipient in it" --maildir "$maildir" --recipients "$list"
refuses 2 "$scratch/none: No such file" --maildir "$maildir" \
    --recipients "$scratch/none"
refuses 2 "$scratch: Is a directory" --maildir "$maildir" \
    --recipients "$scratch"
refuses 2 "/dev/zero: a device, not a file" --maildir "$maildir" \
    --recipients /dev/zero
refuses 2 "--recipients needs a value" --recipients
refuses 2 "--ignore-case takes no value" --ignore-case=yes

# ---- Many of them ----

# A search through the whole list for each line would take minutes.
python3 - "$list" <<'END'
import sys
with open(sys.argv[1], "w") as out:
    for i in range(300_000):
        print(f"user{i * 7919 % 300_007}@example{i % 7}.org", file=out)
END
before=$(date +%s)
start --recipients "$list"
[ $(($(date +%s) - before)) -le 8 ] || fail "the list took long to read"
run_tests recipients many
stop

exit $status
