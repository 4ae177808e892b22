// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT

// A server that discards mail, on the Go library go-smtp: a peer for make
// bench-server.
//
//	go_smtp ADDRESS:PORT
package main

import (
	"io"
	"log"
	"os"

	"github.com/emersion/go-smtp"
)

type backend struct{}

func (backend) Login(*smtp.ConnectionState, string, string) (smtp.Session, error) {
	return nil, smtp.ErrAuthUnsupported
}

func (backend) AnonymousLogin(*smtp.ConnectionState) (smtp.Session, error) {
	return session{}, nil
}

type session struct{}

func (session) Mail(string, smtp.MailOptions) error { return nil }

func (session) Rcpt(string) error { return nil }

func (session) Data(message io.Reader) error {
	_, err := io.Copy(io.Discard, message)
	return err
}

func (session) Reset() {}

func (session) Logout() error { return nil }

func main() {
	server := smtp.NewServer(backend{})
	server.Addr = os.Args[1]
	server.Domain = "localhost"
	log.Fatal(server.ListenAndServe())
}
