// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT

// net/smtp of Go: send MODE PORT CA FILE SENDER RECIPIENT...
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/smtp"
	"os"
)

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	mode, place, sender := os.Args[1], "127.0.0.1:"+os.Args[2], os.Args[5]
	pem, err := os.ReadFile(os.Args[3])
	check(err)
	message, err := os.ReadFile(os.Args[4])
	check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	config := &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
	connection, err := net.Dial("tcp", place)
	check(err)
	if mode == "tls" {
		connection = tls.Client(connection, config)
	}
	client, err := smtp.NewClient(connection, "127.0.0.1")
	check(err)
	check(client.Hello("client.example.org"))
	if mode == "starttls" || mode == "auth" {
		check(client.StartTLS(config))
	}
	if mode == "auth" {
		check(client.Auth(smtp.PlainAuth("", "joe", "secret", "127.0.0.1")))
	}
	check(client.Mail(sender))
	for _, recipient := range os.Args[6:] {
		if err := client.Rcpt(recipient); err != nil {
			fmt.Println(err)
		}
	}
	data, err := client.Data()
	check(err)
	_, err = data.Write(message)
	check(err)
	check(data.Close())
	check(client.Quit())
}
