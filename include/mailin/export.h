/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EXPORT_H
#define MAILIN_EXPORT_H

/* The library is built with hidden visibility; this marks what it promises, to
 * C and C++ alike. */
#ifdef __cplusplus
#define MAILIN_LINKAGE extern "C"
#else
#define MAILIN_LINKAGE
#endif
#if defined(__GNUC__) && __GNUC__ >= 4
#define MAILIN_EXPORT MAILIN_LINKAGE __attribute__((visibility("default")))
#define MAILIN_FORMAT(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define MAILIN_EXPORT MAILIN_LINKAGE
#define MAILIN_FORMAT(fmt, args)
#endif

#endif
