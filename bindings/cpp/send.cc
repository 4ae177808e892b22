/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* send HOST PORT MESSAGE SENDER RECIPIENT: sends the message in a file by SMTP,
 * and prints the replies.  The exit status is 1 if the server refuses
 * something. */
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mailin.hpp"

namespace {

struct refused : std::runtime_error {
	explicit refused(int number) : runtime_error("refused"), code(number)
	{
	}
	const int code;
};

/* A socket that is connected to a host, or -1. */
class connection {
      public:
	connection(const char *host, const char *port)
	{
		addrinfo hints = {};
		addrinfo *all;

		hints.ai_socktype = SOCK_STREAM;
		if (int error = ::getaddrinfo(host, port, &hints, &all))
			throw std::runtime_error(::gai_strerror(error));
		for (addrinfo *one = all; one && socket_ < 0;
		     one = one->ai_next)
			open(*one);
		::freeaddrinfo(all);
		if (socket_ < 0)
			throw std::runtime_error("no connection");
	}
	~connection()
	{
		::close(socket_);
	}
	connection(const connection &) = delete;

	std::size_t
	send(std::string_view octets)
	{
		return checked(
		    ::send(socket_, octets.data(), octets.size(), 0));
	}
	std::string_view
	receive()
	{
		return { buffer_,
			checked(::recv(socket_, buffer_, sizeof buffer_, 0)) };
	}

      private:
	void
	open(const addrinfo &to)
	{
		socket_ = ::socket(to.ai_family, to.ai_socktype, 0);
		if (socket_ < 0 ||
		    ::connect(socket_, to.ai_addr, to.ai_addrlen) == 0)
			return;
		::close(socket_);
		socket_ = -1;
	}
	static std::size_t
	checked(ssize_t len)
	{
		if (len < 0)
			throw std::system_error(errno, std::generic_category());
		return static_cast<std::size_t>(len);
	}

	int socket_ = -1;
	char buffer_[65536];
};

void
print(const mailin_client_reply &reply)
{
	std::string text(mailin::view(reply.text));

	for (std::size_t at; (at = text.find('\n')) != text.npos;)
		text.replace(at, 1, ", ");
	std::printf("%s %d%s%s%s%s\n", mailin_client_step_name(reply.of),
	    reply.code, reply.enhanced[0] ? " " : "", reply.enhanced,
	    text.empty() ? "" : " ", text.c_str());
	std::fflush(stdout);
}

/* Send what is queued, and print the replies. */
void
step(mailin::client &client, connection &server)
{
	mailin_client_reply reply;
	int code = 0;

	for (std::string_view out; !(out = client.output()).empty();)
		client.sent(server.send(out));
	while (client.awaited() > 0) {
		std::string_view octets = server.receive();

		if (octets.empty())
			client.eof();
		while (client.feed(octets, reply)) {
			code = reply.code;
			print(reply);
		}
	}
	if (code >= 400)
		throw refused(code);
}

void
send(mailin::client &client, connection &server, std::string_view message,
    const std::string &sender, const std::string &recipient)
{
	mailin_mail mail = {};
	mailin_rcpt rcpt = {};

	mail.path = mailin::parse_path(sender);
	mail.parameters = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_SIZE) |
	    MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_BODY);
	mail.size = message.size();
	if (std::any_of(message.begin(), message.end(), [](char octet) {
		    return static_cast<unsigned char>(octet) > 127;
	    }))
		mail.body = MAILIN_BODY_8BITMIME;
	client.mail(mail);
	step(client, server);
	rcpt.path = mailin::parse_path(recipient);
	client.rcpt(rcpt);
	step(client, server);
	client.data();
	step(client, server);
	while (!message.empty())
		for (std::string_view out = client.body(message); !out.empty();)
			out.remove_prefix(server.send(out));
	client.body_end();
	step(client, server);
}

/* Returns the octets of the file, with CR LF at the end of each line. */
std::string
read(const char *name)
{
	std::ifstream file(name, std::ios::binary);
	std::string message;

	if (!file)
		throw std::runtime_error(name + std::string(" is unreadable"));
	for (auto octet = std::istreambuf_iterator<char>(file);
	     octet != std::istreambuf_iterator<char>(); ++octet) {
		if (*octet == '\n' &&
		    (message.empty() || message.back() != '\r'))
			message += '\r';
		message += *octet;
	}
	return message;
}

/* Returns false if the server has refused something. */
bool
run(char **words)
{
	std::string message = read(words[3]);
	connection server(words[1], words[2]);
	mailin::client client("localhost");
	bool sent = false;

	try {
		step(client, server);
		client.hello();
		step(client, server);
		send(client, server, message, '<' + std::string(words[4]) + '>',
		    '<' + std::string(words[5]) + '>');
		sent = true;
	} catch (const refused &refusal) {
		if (refusal.code == 421) /* the server closes the connection */
			return false;
	}
	client.quit();
	step(client, server);
	return sent;
}

} // namespace

int
main(int argc, char **argv)
{
	if (argc != 6) {
		std::fprintf(stderr,
		    "usage: send HOST PORT MESSAGE SENDER RECIPIENT\n");
		return 1;
	}
	std::signal(SIGPIPE, SIG_IGN); /* send says that the server is gone */
	try {
		return run(argv) ? 0 : 1;
	} catch (const std::exception &error) {
		std::fprintf(stderr, "send: %s\n", error.what());
		return 1;
	}
}
