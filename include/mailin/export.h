/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EXPORT_H
#define MAILIN_EXPORT_H

/* MAILIN_EXPORT marks the functions that the library exports, for C and C++.
 * All others are hidden.  MAILIN_BUILD is defined only while the library itself
 * is compiled. */
#ifdef __cplusplus
#define MAILIN_LINKAGE extern "C"
#else
#define MAILIN_LINKAGE
#endif
#if defined(_WIN32) && defined(MAILIN_BUILD)
#define MAILIN_EXPORT MAILIN_LINKAGE __declspec(dllexport)
#elif defined(__GNUC__) && __GNUC__ >= 4 && !defined(_WIN32)
#define MAILIN_EXPORT MAILIN_LINKAGE __attribute__((visibility("default")))
#else
#define MAILIN_EXPORT MAILIN_LINKAGE
#endif

/* Formats are those of C11 (%zu).  On Windows, gcc calls these "gnu_printf". */
#if defined(__MINGW32__) && !defined(__clang__)
#define MAILIN_FORMAT(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#elif defined(__GNUC__) && __GNUC__ >= 4
#define MAILIN_FORMAT(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define MAILIN_FORMAT(fmt, args)
#endif

#endif
