#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# The manual page of mailin-server, and the settings in the guide, must have
# the same options, defaults and values as --help, which is made from the
# library's tables.
. "$srcdir/tests/programs/server.sh"

page=$srcdir/doc/mailin-server.1
guide=$srcdir/doc/guide.md

# List each option with its argument and its text: "name|ARGUMENT|text".
"$server" --help | awk '
	/^  --/ {
		if (name) print name "|" argument "|" text
		name = substr($1, 3); argument = $2; text = ""
	}
	/^        / { sub(/^ +/, ""); text = text " " $0 }
	END { print name "|" argument "|" text }' >"$scratch/options"

while IFS='|' read -r name argument text; do
	item=$(grep -e "^\.It Fl -$name\( \|$\)" "$page") ||
	    fail "the manual page lacks --$name"
	default=$(echo "$text" | sed -n 's/.*; default \([^)]*\)).*/\1/p')
	case $item in
	*" Ta "*)
		echo "$item" | grep -q -e "^.It Fl -$name Ta $default Ta " ||
		    fail "--$name: the default is $default, not: $item"
		unit=$(echo "$text" |
		    sed -n 's/.* to [0-9]* \([a-z]*\);.*/\1/p')
		echo "$item" | grep -q -e "Ta ${unit:-\"\"} Ta" ||
		    fail "--$name: the unit is '$unit', not: $item"
		grep -q "^|.*\`$name\`[^|]*| $default |" "$guide" ||
		    fail "--$name: the guide lacks its default, $default"
		continue
		;;
	esac
	# Take the text between this item and the next one.
	entry=$(sed -n -E "/^\.It Fl -$name( |\$)/,/^\.(It|El)/p" "$page")
	entry="$item $(echo "$entry" | sed 1d | grep -v '^\.It')"
	values=$(echo "$text" | sed -n 's/.*(\(.*\); default .*/\1/p')
	for word in $(echo "$values,$default" | tr ',' ' '); do
		[ "$word" = none ] ||
		    echo "$entry" | tr ' ,|' '\n\n\n' | grep -qxF -e "$word" ||
		    fail "--$name: the manual page does not say $word"
		case $item in
		*" Cm "*)
			grep -q "^| \`$name\` |[^|]*\`$word\`" "$guide" ||
			    fail "--$name: the guide does not say $word" ;;
		esac
	done
done <"$scratch/options"

sed -n 's/^\.It Fl -\([a-z-]*\).*/\1/p' "$page" | sort >"$scratch/page"
cut -d '|' -f 1 "$scratch/options" | sort >"$scratch/help"
diff "$scratch/help" "$scratch/page" ||
    fail "--help and the manual page list different options"

# Both documents must name everything that relaxed syntax accepts, and what it
# still refuses.  mailin-parse must accept and refuse the same.
while read -r verdict word line; do
	for document in "$page" "$guide"; do
		sed 's/\\ / /g' "$document" | grep -qF -e "$word" ||
		    fail "$document does not say $word"
	done
	printf '%s\n' "$line" | ./mailin-parse --relaxed | grep -q ' ^ ' &&
	    taken=no || taken=yes
	[ $taken = "$verdict" ] || fail "$line is taken: $taken"
	! printf '%s\n' "$line" | ./mailin-parse | grep -q ' ^ ' &&
	    fail "$line is taken without --relaxed"
done <<'END'
yes tabs MAIL	FROM:	< a@b >  SIZE=1
yes FROM:a@b MAIL FROM:a@b
yes <root> MAIL FROM:<root>
yes <.a..b.@c> RCPT TO:<.a..b.@c>
yes <a@my_pc> RCPT TO:<a@my_pc>
yes end RCPT TO:<a@b.example.>
yes 255 RCPT TO:<aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b>
yes HELO HELO my_pc
yes AUTH=<a@b> MAIL FROM:<> AUTH=<a@b>
yes AUTH=joe MAIL FROM:<> AUTH=joe
yes ENVID=a+2b MAIL FROM:<> ENVID=a+2b
yes QUIT QUIT foo
no comment MAIL FROM:<root(cron)>
no SMTPUTF8 MAIL FROM:<é@b>
no <a MAIL FROM:<a @b>
no <@a:root> MAIL FROM:<@a:root>
no <a@b..> RCPT TO:<a@b..>
END

exit $status
