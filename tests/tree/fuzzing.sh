#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The files of the fuzz targets agree: the dictionary is what fuzz/dictionary.py
# makes of the grammar; Makefile.am and fuzz/oss-fuzz/build.sh build each
# target; and each target has seeds.  `make check-oss-fuzz` really builds them.
set -eu
unset MAKEFLAGS MFLAGS
export PYTHONDONTWRITEBYTECODE=1

. "$srcdir/tests/tree/checks.sh"
top=$(cd "$srcdir" && pwd)

# has TOOL PACKAGE: succeeds if the tool is installed.  Otherwise reports what
# is not checked.
has() {
	command -v "$1" >/dev/null && return
	echo "not checked by $1, which is missing (Debian: apt-get install $2)"
	return 1
}

if has python3 python3; then
	python3 "$top/fuzz/dictionary.py" | diff "$top/fuzz/smtp.dict" - ||
	    complain "fuzz/smtp.dict is old: run make update-dictionary"

	# A new verb, parameter and literal must get into the dictionary.
	mkdir -p "$scratch/src/command" "$scratch/src/config"
	cp -R "$top/grammar" "$scratch"
	chmod -R u+w "$scratch/grammar"
	cp "$top/src/config/settings.c" "$scratch/src/config"
	sed 's/"MTRK"/"TRANSID"/' "$top/src/command/parameter.c" \
	    >"$scratch/src/command/parameter.c"
	sed 's/"VRFY"i/"XPING"i/' "$top/grammar/command.rl" \
	    >"$scratch/grammar/command.rl"
	sed 's/"NEVER"i/"AL\\\\WAYS"i/' "$top/grammar/parameter.rl" \
	    >"$scratch/grammar/parameter.rl"
	python3 "$top/fuzz/dictionary.py" "$scratch" >"$scratch/dict"
	for word in '"XPING "' '" TRANSID="' '"AL\\WAYS"'; do
		grep -qxF "$word" "$scratch/dict" ||
		    complain "the dictionary does not get $word"
	done
fi

for file in "$top"/fuzz/fuzz_*.c; do
	target=$(basename "$file" .c)
	echo "$target"
	[ -n "$(ls "$top/fuzz/seeds/${target#fuzz_}")" ] ||
	    complain "$target has no seeds"
done >"$scratch/files"
grep FAIL "$scratch/files" && status=1
printf '%s\n' $FUZZ_TARGETS | sed 's,.*/,,' | sort |
    diff "$scratch/files" - || complain "FUZZ_TARGETS is not fuzz/fuzz_*.c"

build=$top/fuzz/oss-fuzz/build.sh
[ -x "$build" ] || complain "build.sh cannot be executed"
if has bash bash && has zip zip && has unzip unzip; then
	# Imitate a build in which each target is an empty file.
	mkdir -p "$scratch/oss/libmailin" "$scratch/work" "$scratch/out"
	ln -s "$top/fuzz" "$scratch/oss/libmailin/fuzz"
	cat >"$scratch/oss/libmailin/configure" <<-END
		#!/bin/sh
		printf '%s\n' 'fuzz-targets:' \
		    '	mkdir fuzz && touch $(echo $FUZZ_TARGETS)' >Makefile
	END
	chmod +x "$scratch/oss/libmailin/configure"
	SRC=$scratch/oss WORK=$scratch/work OUT=$scratch/out CXX=false \
	    bash -eu "$build" >"$scratch/log" 2>&1 ||
	    complain "build.sh: $(cat "$scratch/log")"
	for target in $FUZZ_TARGETS; do
		target=${target##*/}
		[ -e "$scratch/out/$target" ] || complain "no $target"
		cmp "$top/fuzz/smtp.dict" "$scratch/out/$target.dict" ||
		    complain "no dictionary for $target"
		ls "$top/fuzz/seeds/${target#fuzz_}" >"$scratch/want"
		unzip -Z1 "$scratch/out/${target}_seed_corpus.zip" | sort |
		    diff "$scratch/want" - || complain "seeds of $target"
	done
fi

if has ruby ruby; then
	# Check that the file has only what OSS-Fuzz allows.
	ruby -ryaml -e '
	    allowed = {
	      "fuzzing_engines" => %w[libfuzzer afl honggfuzz centipede none],
	      "sanitizers" => %w[address none memory undefined],
	      "architectures" => %w[x86_64 i386 aarch64] }
	    file = YAML.safe_load(File.read(ARGV[0]))
	    abort "language" unless file["language"] == "c"
	    abort "fields" unless (file.keys - allowed.keys - %w[language
	      homepage main_repo primary_contact auto_ccs]).empty?
	    allowed.each { |key, values|
	      abort key if file.fetch(key).empty? ||
	        !(file[key] - values).empty? }
	' "$top/fuzz/oss-fuzz/project.yaml" || complain "project.yaml"
fi
exit $status
