# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
# smtp of Tcllib: send.tcl MODE PORT CA FILE SENDER RECIPIENT...
# It writes each message itself, so only the text is taken from the file.
package require smtp
package require mime

lassign $argv mode port ca file sender
set recipients [join [lrange $argv 5 end] ", "]
set input [open $file]
fconfigure $input -translation binary
set text [string map {\r\n \n} [read $input]]
regexp -indices {\n\n} $text blank
set text [string range $text [lindex $blank 1]+1 end]
set part [mime::initialize -canonical text/plain -encoding 8bit -string $text]
set secure [expr {$mode in {starttls auth}}]
set login [expr {$mode eq "auth" ? {-username joe -password secret} : {}}]
set refused [smtp::sendmessage $part -servers 127.0.0.1 -ports $port \
    -originator $sender -recipients $recipients -usetls $secure \
    -header {Subject tcl} -atleastone true -debug true {*}$login]
puts $refused
