#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Tests bindings/ with the library of this build.  The programs in each language
# must print the same.  The structs that the Python binding declares are those
# of the headers.
set -eu

. "$srcdir/tests/tree/checks.sh"
bindings=$srcdir/bindings

skip() {
	echo "SKIP: $*"
	exit 77
}

[ -f .libs/libmailin.so.0 ] ||
    skip "there is no .libs/libmailin.so.0 (--disable-shared?)"
# In a build with AddressSanitizer, Python must load its library first, and has
# leaks of its own.  The compiler of C++ must be that of C.
preload=
sanitize=
tools="${CXX-} g++ c++ clang++"
case $FLAGS in
*-fsanitize=address*)
	sanitize='-g -fsanitize=address,undefined -fno-sanitize-recover=all'
	tools=$(echo "${CC##* }" | sed 's/clang/clang++/; s/gcc/g++/')
	for name in "libclang_rt.asan-$(uname -m).so" libasan.so; do
		preload=$($CC -print-file-name=$name)
		[ "$preload" = $name ] || break
	done
	;;
*-fsanitize* | *--coverage*)
	skip "Python cannot load an instrumented library"
	;;
esac
cat >"$scratch/python" <<END
#!/bin/sh
LD_PRELOAD="$preload" ASAN_OPTIONS=detect_leaks=0 exec python3 "\$@"
END
chmod +x "$scratch/python"
export LD_LIBRARY_PATH="$PWD/.libs"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bindings/python"

# The programs become $scratch/LANGUAGE-receive, -address and -send.
languages=
if ! command -v python3 >/dev/null; then
	echo "SKIP of Python: python3 is missing"
elif ! "$scratch/python" -c 'import ctypes; ctypes.CDLL("libmailin.so.0")' \
    2>"$scratch/errors"; then
	echo "SKIP of Python: $(tail -n 1 "$scratch/errors")"
else
	languages=Python
	cat >"$scratch/Python-receive" <<-END
	#!/bin/sh
	exec "$scratch/python" "$bindings/python/receive.py" "\$@"
	END
	for program in address send; do
		sed "s/receive/$program/" "$scratch/Python-receive" \
		    >"$scratch/Python-$program"
	done
	chmod +x "$scratch"/Python-*
fi
cxx=
for tool in $tools; do
	command -v "$tool" >/dev/null && { cxx=$tool; break; }
done
if [ -z "$cxx" ]; then
	echo "SKIP of C++: a C++ compiler is missing (Debian: g++)"
else
	languages="$languages C++"
	for header in "$bindings/cpp/mailin.hpp" "$bindings"/cpp/mailin/*; do
		$cxx -std=c++17 -Wall -Wextra -Wshadow -pedantic -Werror \
		    -I"$srcdir/include" -Iinclude -include "$header" \
		    -fsyntax-only -x c++ - </dev/null ||
		    { echo "FAIL: $header needs other headers"; exit 1; }
	done
	for source in "$bindings"/cpp/*.cc "$srcdir"/tests/tree/bindings*.cc; do
		program=${source##*/}
		$cxx -std=c++17 -Wall -Wextra -Wshadow -pedantic -Werror \
		    $sanitize -I"$srcdir/include" -Iinclude \
		    -I"$bindings/cpp" "$source" \
		    -o "$scratch/C++-${program%.cc}" .libs/libmailin.so.0 ||
		    { echo "FAIL: $source does not compile"; exit 1; }
	done
fi
[ -n "$languages" ] || skip "neither Python nor C++ can be tried"

# says LANGUAGE PROGRAM STATUS: the program must have ended with this status,
# and have printed the text in $scratch/expected.
says() {
	[ "$result" = "$3" ] || complain "$1: $2 ends with $result"
	diff "$scratch/expected" "$scratch/said" ||
	    complain "$1: $2 does not say (<) what it should"
}

# await CODE: read replies until one whose last line has this code.
await() {
	while IFS= read -r line <&4; do
		printf '%s\n' "$line" >>"$scratch/replies"
		case $line in
		"$1 "*) return 0 ;;
		esac
	done
	echo "FAIL: $language: receive ends before $1"
	exit 1
}

# converse PROGRAM MESSAGES: a whole session: commands in one piece
# (PIPELINING), a recipient that is refused, a domain in capitals, a line that
# begins with a dot.
converse() {
	rm -f "$scratch/in" "$scratch/out" "$scratch/replies"
	mkfifo "$scratch/in" "$scratch/out"
	result=0
	"$1" mx.example <"$scratch/in" >"$scratch/out" 2>"$2" &
	exec 3>"$scratch/in" 4<"$scratch/out"
	await 220
	printf '%s\r\n' 'EHLO client.example' >&3
	await 250
	printf '%s\r\n' 'MAIL FROM:<me@client.example>' \
	    'RCPT TO:<you@MX.example>' 'RCPT TO:<you@else.example>' \
	    'RCPT TO:<"a b"@mx.example>' 'DATA' >"$scratch/commands"
	cat "$scratch/commands" >&3
	await 354
	printf '%s\r\n' 'Subject: hello' '' '..dot' '.' 'RSET' 'QUIT' \
	    >"$scratch/commands"
	cat "$scratch/commands" >&3
	await 221
	wait $! || result=$?
	exec 3>&- 4<&-
	sed 's/\r$//; s/ .*//' "$scratch/replies" | grep -v '^250-' |
	    tr '\n' ' ' >"$scratch/said"
}

for language in $languages; do
	echo '220 250 250 250 550 250 354 250 250 221 ' |
	    tr -d '\n' >"$scratch/expected"
	converse "$scratch/$language-receive" "$scratch/messages"
	says $language receive 0
	grep -q '^550 5\.1\.2 Only mail for mx\.example' "$scratch/replies" ||
	    complain "$language: no text of the program in the 550"
	printf '%s\n' \
	    '<me@client.example> -> <you@MX.example> <"a b"@mx.example>' \
	    >"$scratch/expected"
	printf '%s\r\n' 'Subject: hello' '' '.dot' >>"$scratch/expected"
	cp "$scratch/messages" "$scratch/said"
	result=0
	says $language "the message" 0

	# The message cannot be stored, so data_end raises an exception.
	if [ -c /dev/full ]; then
		echo '220 250 250 250 550 250 354 451 250 221 ' |
		    tr -d '\n' >"$scratch/expected"
		converse "$scratch/$language-receive" /dev/full
		result=0	# Python may complain of its standard error
		says $language "receive, on a full disk," 0
	fi

	cat >"$scratch/expected" <<-'END'
	me@example.org
	    kind mailbox, domain name
	    local part [me] domain [example.org]
	"a b"@[192.0.2.1]
	    kind mailbox, domain ipv4
	    local part ["a b"] domain [[192.0.2.1]]
	me@exam_ple.org
	       ^ not well-formed
	me@
	   ^ not well-formed
	m??e@a
	 ^ not well-formed
	END
	result=0
	"$scratch/$language-address" me@example.org '"a b"@[192.0.2.1]' \
	    me@exam_ple.org me@ "$(printf 'm\033\302e@a')" \
	    >"$scratch/said" || result=$?
	says $language address 1

	cat >"$scratch/expected" <<-'END'
	<>
	    kind null, domain none
	    local part [] domain []
	root
	    kind unqualified, domain none
	    local part [root] domain []
	END
	result=0
	"$scratch/$language-address" --path --relaxed -- '<>' root \
	    >"$scratch/said" || result=$?
	says $language "address --path" 0
done

result=0
sh "$srcdir/tests/tree/bindings_send.sh" "$scratch" $languages || result=$?
case $result in
0 | 77) ;;
*) complain "tests/tree/bindings_send.sh" ;;
esac

case $languages in
*C++*)
	for test in bindings bindings_client; do
		"$scratch/C++-$test" || complain "tests/tree/$test.cc"
	done
	;;
esac
case $languages in
Python*)
	for test in bindings bindings_client; do
		"$scratch/python" "$srcdir/tests/tree/$test.py" -q \
		    2>"$scratch/unittest" || {
			cat "$scratch/unittest"
			complain "tests/tree/$test.py"
		}
	done
	"$scratch/python" "$srcdir/tests/tree/bindings.py" layout \
	    >"$scratch/layout.c"
	compiles() {
		$CC -std=c11 -I"$srcdir/include" -Iinclude -fsyntax-only "$1"
	}
	compiles "$scratch/layout.c" ||
	    complain "a struct of the Python binding"
	# The check must notice that a struct has one octet more.
	sed '/sizeof (struct mailin_rcpt) ==/s/== \(.*\),/== 1 + \1,/' \
	    "$scratch/layout.c" >"$scratch/planted.c"
	compiles "$scratch/planted.c" 2>"$scratch/errors" &&
	    complain "another size of a struct is not seen"
	;;
esac
exit $status
