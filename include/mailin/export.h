/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EXPORT_H
#define MAILIN_EXPORT_H

/* The library is built with hidden visibility; this marks what it promises. */
#if defined(__GNUC__) && __GNUC__ >= 4
#define MAILIN_EXPORT           __attribute__((visibility("default")))
#define MAILIN_FORMAT(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define MAILIN_EXPORT
#define MAILIN_FORMAT(fmt, args)
#endif

#endif
