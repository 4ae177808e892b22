# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""aiosmtplib: aio.py MODE PORT CA FILE SENDER RECIPIENT..."""

import asyncio
import os
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
    options, notify = [], []
    if not all(one.isascii() for one in recipients):
        options = ["SMTPUTF8"]
    if os.environ["EXTENDED"]:
        options = ["BODY=8BITMIME", "RET=HDRS", "ENVID=QQ+2B314159"]
        notify = ["NOTIFY=SUCCESS,DELAY"]
    print(await client.sendmail(
        sender, recipients, pathlib.Path(file).read_bytes(),
        mail_options=options, rcpt_options=notify))
    await client.quit()


asyncio.run(main())
