#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-parse: its output and its errors.  Its manual page and --help must list
# the same options.
set -eu
export LC_ALL=C

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
parse=./mailin-parse
status=0

fail() {
	printf 'FAIL: %s\n' "$*" >&2
	status=1
}

# shows INPUT OPTION...: the output for INPUT (a format of printf) must be the
# text on standard input.
shows() {
	input=$1
	shift
	cat >"$scratch/expected"
	printf "$input" | $parse "$@" >"$scratch/shown" || fail "$input: $?"
	diff "$scratch/expected" "$scratch/shown" || fail "$input, $*"
}

# exits STATUS OPTION...: run mailin-parse on the caller's standard input and
# output; it must exit with STATUS.
exits() {
	expected=$1
	shift
	ended=0
	$parse "$@" 2>"$scratch/message" || ended=$?
	[ $ended -eq $expected ] || fail "$*: exit status $ended"
	[ $expected -eq 0 ] || [ -s "$scratch/message" ] ||
	    fail "$*: no message"
}

shows 'MAIL FROM:<bob@.example.org>\nNOOP\nQUIT x\r\n\000a\033[2J\n' <<'END'
MAIL FROM:<bob@.example.org>
               ^ 501 5.1.7 Bad sender address syntax
NOOP
QUIT x
     ^ 501 5.5.4 Syntax error in the arguments
\x00a\x1b[2J
^ 500 5.5.2 Bare CR, bare LF or NUL in a line
END
shows 'RCPT TO:<jos\303\251@@x>\nRCPT TO:<\302\233@@x>\nRCPT TO:<\377>' <<'END'
RCPT TO:<josé@@x>
              ^ 501 5.1.3 Bad recipient address syntax
RCPT TO:<\xc2\x9b@@x>
                  ^ 501 5.1.3 Bad recipient address syntax
RCPT TO:<\xff>
         ^ 501 5.1.3 Bad recipient address syntax
END
# Some octets would make a terminal reorder the line, so they are escaped.  The
# caret is below the character that contains the 65th octet of a local part.
shows 'RCPT TO:<\342\200\256@@x>\nRCPT TO:<\342\201\246@@x>\n' <<'END'
RCPT TO:<\xe2\x80\xae@@x>
                      ^ 501 5.1.3 Bad recipient address syntax
RCPT TO:<\xe2\x81\xa6@@x>
                      ^ 501 5.1.3 Bad recipient address syntax
END
a_63=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
shows "$a_63"'\303\251@x\n' --mailbox <<END
${a_63}é@x
$(printf %63s)^ not well-formed
END
shows 'EHLO x\nHELP\nBDAT 5 LAST' --json <<'END'
{"verb":"EHLO","error":0,"domain":"x"}
{"verb":"HELP","error":0,"text":null}
{"verb":"BDAT","error":0,"size":5,"last":true}
END
shows 'MAIL FROM:<"a\\"b"@[192.0.2.1]> SIZE=5 BODY=8BITMIME\n' --json <<'END'
{"verb":"MAIL","error":0,"path":{"kind":"mailbox","local":"\"a\\\"b\"","domain":"[192.0.2.1]","quoted":true,"literal":true,"utf8":false,"source_route":null},"SIZE":5,"BODY":"8BITMIME"}
END
shows 'MAIL FROM:<> BY=-1;NT X=y AUTH=<> MT-PRIORITY=-3 MTRK=AAAA:5\n' \
    --json <<'END'
{"verb":"MAIL","error":555,"enhanced":"5.5.4","error_at":22,"path":{"kind":"null","local":null,"domain":null,"quoted":false,"literal":false,"utf8":false,"source_route":null},"AUTH":"<>","BY":{"time":-1,"mode":"N","trace":true},"MT-PRIORITY":-3,"MTRK":{"certifier":"AAAA","timeout":5},"unknown":[{"keyword":"X","value":"y"}]}
END
time=1970-01-01T00:00:01Z
shows "RCPT TO:<@a:b@c> NOTIFY=DELAY,SUCCESS ORCPT=rfc822;x RRVS=$time;R\\n" \
    --json <<'END'
{"verb":"RCPT","error":0,"path":{"kind":"mailbox","local":"b","domain":"c","quoted":false,"literal":false,"utf8":false,"source_route":"@a"},"NOTIFY":["SUCCESS","DELAY"],"ORCPT":{"type":"rfc822","address":"x"},"RRVS":1,"RRVS_ACTION":"R"}
END
shows 'F\377\000 \001\303\251' --json <<'END'
{"verb":"?","error":500,"enhanced":"5.5.2","error_at":0,"word":"F\u00ff\u0000","word_hex":"46ff00","text":" \u0001é"}
END
shows 'MAIL FROM: a@b\nMAIL FROM:<a@b\n' --json --relaxed <<'END'
{"verb":"MAIL","error":0,"path":{"kind":"mailbox","local":"a","domain":"b","quoted":false,"literal":false,"utf8":false,"source_route":null}}
{"verb":"MAIL","error":501,"enhanced":"5.1.7","error_at":14}
END
# --relaxed: the members are shown without the white space, the dot and the
# brackets.
shows 'MAIL\t FROM: < a@b. >  AUTH=<c@d>\tENVID=a+2b\nRCPT TO:root\n' \
    --json --relaxed <<'END'
{"verb":"MAIL","error":0,"path":{"kind":"mailbox","local":"a","domain":"b","quoted":false,"literal":false,"utf8":false,"source_route":null},"ENVID":"a+2b","AUTH":"c@d"}
{"verb":"RCPT","error":0,"path":{"kind":"unqualified","local":"root","domain":null,"quoted":false,"literal":false,"utf8":false,"source_route":null}}
END
shows 'QUIT foo\nHELO jos\351\n<\ta@b >\n' --json --relaxed <<'END'
{"verb":"QUIT","error":0}
{"verb":"HELO","error":0,"domain":"jos\u00e9","domain_hex":"6a6f73e9"}
{"verb":"?","error":500,"enhanced":"5.5.2","error_at":0,"word":"<","text":"\u0009a@b >"}
END
shows 'NOOP a\nb\r\nRSET \r\r\nDATA\r\nNOOP\r' --json --exact <<'END'
{"verb":"NOOP","error":500,"enhanced":"5.5.2","error_at":6}
{"verb":"RSET","error":500,"enhanced":"5.5.2","error_at":6}
{"verb":"DATA","error":0}
{"incomplete":true}
END
shows 'NOOP\r\nNOO' --exact <<'END'
NOOP
NOO
   ^ incomplete
END
shows '<>\r\n<a@b\nPostmaster' --address --json <<'END'
{"valid":true,"path":{"kind":"null","local":null,"domain":null,"quoted":false,"literal":false,"utf8":false,"source_route":null}}
{"valid":false,"error_at":4}
{"valid":false,"error_at":0}
END
shows 'a@b\r\na@b\n\na@b' --mailbox --exact --json <<'END'
{"valid":false,"error_at":3}
{"valid":true,"path":{"kind":"mailbox","local":"a","domain":"b","quoted":false,"literal":false,"utf8":false,"source_route":null}}
{"valid":false,"error_at":0}
{"incomplete":true}
END
shows 'a@b\r\n@\n' --mailbox <<'END'
a@b
@
^ not well-formed
END
shows '' --json </dev/null

# A line of one mebibyte is read; a longer one is an error.
{ head -c 1048575 /dev/zero && echo; } | exits 0 --json >/dev/null
{ head -c 1048576 /dev/zero && echo; } | exits 1 --json >/dev/null

exits 2 --nonsense </dev/null
grep -q "Try '.*--help'" "$scratch/message" || fail "no advice"
exits 2 --json=x </dev/null
exits 2 a-file </dev/null
exits 2 --address --mailbox </dev/null
exits 1 </
if [ -e /dev/full ]; then
	echo NOOP | exits 1 >/dev/full
	exits 1 --help >/dev/full
fi

exits 0 --version >"$scratch/version"
grep -q '^mailin-parse [0-9]' "$scratch/version" || fail "--version"
exits 0 --help >"$scratch/help"
sed -n 's/^  --\([a-z]*\) .*/\1/p' "$scratch/help" | sort >"$scratch/options"
sed -n 's/^\.It Fl -\([a-z]*\)$/\1/p' "$srcdir/doc/mailin-parse.1" | sort |
    diff "$scratch/options" - || fail "the manual page has other options"
exit $status
