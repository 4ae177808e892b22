#!/bin/sh
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# mailin-server hands mail on to Postfix, which has it judged by rspamd, a
# milter.  The client hears what rspamd says.  "make check-neighbours" runs
# this.
. "$srcdir/tests/programs/server.sh"
. "$srcdir/tests/programs/back_ends.sh"

needs rspamd rspamd
id _rspamd >/dev/null 2>&1 || skip "there is no user _rspamd"
opens_to _rspamd || exit 77

# start_rspamd PORT: start rspamd without rules, and without the lists of
# domains and of languages, which it takes a minute to read on a slow machine.
start_rspamd() {
	folder=$scratch/rspamd
	mkdir "$folder"
	echo example >"$folder/domains"
	cat >"$folder/conf" <<-END
	options {
	  pidfile = "$folder/own-pid";
	  control_socket = "$folder/control mode=0600";
	  cache_file = "";
	  filters = "";
	  disable_hyperscan = true;
	  url_tld = "$folder/domains";
	  dns {
	    nameserver = ["127.0.0.1:1"];
	    timeout = 0.1s;
	    retransmits = 1;
	  }
	}
	lang_detection {
	  languages = "$folder/none";
	}
	actions {
	  reject = 15;
	}
	logging {
	  type = "file";
	  filename = "$folder/log";
	}
	worker "rspamd_proxy" {
	  bind_socket = "127.0.0.1:$1";
	  milter = yes;
	  count = 1;
	  upstream "local" {
	    default = yes;
	    self_scan = yes;
	  }
	}
	END
	chown -R _rspamd "$folder"
	rspamd -f -u _rspamd -g _rspamd -c "$folder/conf" \
	    >"$scratch/start" 2>&1 &
	echo $! >"$folder/pid"
	within_time listens_at "$1" ||
	    fail "rspamd: $(cat "$scratch/start" "$folder/log")"
}

# listens_at PORT: succeeds if somebody accepts connections there.
listens_at() {
	python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)' "$1" 2>/dev/null
}

milter=$(py free_port)
start_rspamd "$milter"
back=$(py free_port)
configure_postfix postfix "127.0.0.1:$back"
cat >>"$folder/etc/main.cf" <<END
smtpd_milters = inet:127.0.0.1:$milter
milter_default_action = tempfail
END
start_postfix postfix
launch "$server" --listen 127.0.0.1:0 --hostname mx.example.org \
    --smtp "127.0.0.1:$back"
py neighbours spam "$port" "$scratch" "$folder" ||
    fail "$(tail -n 5 "$folder/log" "$scratch/rspamd/log" "$scratch/start")"
stop

exit $status
