# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# libmailin for Homebrew.  Until a release has an address, the tarball is the file
# that HOMEBREW_LIBMAILIN_TARBALL names (packaging/README.md).  A release needs
# its address, and below it a line with its sha256.
class Libmailin < Formula
  desc "Server side of SMTP and LMTP as a C library without I/O"
  url "file://#{ENV.fetch("HOMEBREW_LIBMAILIN_TARBALL", "/libmailin-0.1.0.tar.xz")}"
  version "0.1.0"
  license "MIT"

  depends_on "pkgconf" => [:build, :test]

  # libmailin and mailin-parse need no library.  macOS lacks accept4 and pipe2,
  # so libmailin-event and mailin-server are for Linux only.
  on_linux do
    depends_on "gsasl"
    depends_on "inih"
    depends_on "libevent"
    depends_on "libseccomp"
    depends_on "libxcrypt"
    depends_on "openssl@3"
  end

  def install
    args = if OS.mac?
      %w[--disable-event]
    else
      %w[--enable-server --with-gsasl --with-inih --with-openssl
         --with-seccomp --without-systemd]
    end
    system "./configure", "--disable-silent-rules", *args, *std_configure_args
    system "make"
    system "make", "install"
  end

  test do
    (testpath/"test.c").write <<~C
      #include <mailin.h>
      #include <stdio.h>

      int
      main(void)
      {
        struct mailin_command command;
        const char line[] = "MAIL FROM:<bob@example.org>\\r\\n";

        if (mailin_command_parse(&command, line, sizeof(line) - 1) == 0)
          return 1;
        return puts(mailin_verb_name(command.verb)) < 0;
      }
    C
    flags = shell_output("pkgconf --cflags --libs mailin").split
    system ENV.cc, "test.c", "-o", "test", *flags
    assert_equal "MAIL\n", shell_output("./test")
    assert_match "501 5.1.7", pipe_output("#{bin}/mailin-parse",
                                          "MAIL FROM:<bob@.example.org>\n")
  end
end
