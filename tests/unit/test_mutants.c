/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Checks the invariants of fuzz/fuzz_command.c on command lines that are nearly
 * valid, for builds without a fuzzing engine.  A violation aborts the program
 * with a message.
 */
#include "support/mutant.h"
#include "support/suite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

START_TEST(command_keeps_its_promises_on_mutants)
{
	unsigned turns = suite_quick() ? 2000 : 200000, turn;

	for (turn = 0; turn < turns; turn++) {
		char data[1 + MUTANT_ROOM];

		data[0] = (char)suite_random(2);
		LLVMFuzzerTestOneInput((const uint8_t *)data,
		    1 + mutant_line(data + 1, turn));
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		command_keeps_its_promises_on_mutants,
	};

	return suite_run("mutants", tests, ROWS(tests));
}
