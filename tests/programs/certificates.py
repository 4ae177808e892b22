# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Change octets of a certificate, and sign it again.  This makes certificates that
the openssl command cannot make.

    certificates.py CERTIFICATE OLD NEW KEY RESULT

OLD and NEW are octets in hex, and have the same length.  KEY is the RSA key of
the issuer, or "none" to leave the signature as it is.
"""

import base64
import pathlib
import subprocess
import sys


def skip_header(der, at):
    """Return where the value at the offset begins and ends."""
    length = der[at + 1]
    if length < 128:
        return at + 2, at + 2 + length
    begin = at + 2 + (length & 127)
    return begin, begin + int.from_bytes(der[at + 2:begin], "big")


def main():
    source, old, new, key, result = sys.argv[1:]
    pem = pathlib.Path(source).read_text()
    der = base64.b64decode(pem.split("-----")[2])
    old, new = bytes.fromhex(old), bytes.fromhex(new)
    assert len(old) == len(new) and der.count(old) == 1, der
    der = der.replace(old, new)
    begin, _ = skip_header(der, 0)
    _, end = skip_header(der, begin)
    if key != "none":
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", key],
            input=der[begin:end], stdout=subprocess.PIPE, check=True).stdout
        der = der[:-len(signature)] + signature
    pathlib.Path(result).write_text(
        "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode() +
        "-----END CERTIFICATE-----\n")


if __name__ == "__main__":
    main()
