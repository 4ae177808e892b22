# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Tests of the programs in examples/.  They must be in the working
directory."""

import os
import sys

import example_starttls
from example_filter import (test_filter, test_filter_ascii,
                            test_filter_before_server, test_filter_lmtp,
                            test_filter_xforward)
from example_pool import test_pool
from example_receive import test_receive
from example_scram import test_scram


def main():
    tests = [test_filter, test_filter_ascii, test_filter_lmtp,
             test_filter_xforward, test_filter_before_server]
    if os.path.exists("examples/receive"):
        tests += [test_receive, test_pool]
    else:
        print("SKIP: libmailin-event was not built (it needs libevent)")
    if os.path.exists("examples/scram"):
        tests.append(test_scram)
    else:
        print("SKIP: examples/scram was not built (it needs libgsasl)")
    reason = example_starttls.why_not()
    if reason is None:
        tests.append(example_starttls.test_starttls)
    else:
        print(f"SKIP: {reason}")
    failed = 0
    for test in tests:
        try:
            test()
        except (AssertionError, OSError) as error:
            failed += 1
            print(f"FAIL: {test.__name__}: {error!r}")
        else:
            print(f"ok: {test.__name__}")
    sys.exit(1 if failed else 0)


main()
