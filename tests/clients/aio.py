# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""aiosmtplib: aio.py MODE PORT CA FILE SENDER RECIPIENT..."""

import asyncio
import pathlib
import ssl
import sys

import aiosmtplib


async def main():
    mode, port, ca, file, sender, *recipients = sys.argv[1:]
    client = aiosmtplib.SMTP(
        hostname="127.0.0.1", port=int(port), use_tls=mode == "tls",
        local_hostname="client.example.org", start_tls=False,
        tls_context=ssl.create_default_context(cafile=ca))
    await client.connect()
    if mode in ("starttls", "auth"):
        await client.starttls()
    if mode == "auth":
        await client.login("joe", "secret")
    utf8 = not all(one.isascii() for one in recipients)
    print(await client.sendmail(
        sender, recipients, pathlib.Path(file).read_bytes(),
        mail_options=["SMTPUTF8"] if utf8 else []))
    await client.quit()


asyncio.run(main())
