# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# libmailin for vcpkg.  Until a release has an address, the tarball is the file
# that LIBMAILIN_TARBALL names (packaging/README.md).  A release needs
# vcpkg_download_distfile with its address and its SHA512 here.
if(NOT EXISTS "$ENV{LIBMAILIN_TARBALL}")
    message(FATAL_ERROR "Set LIBMAILIN_TARBALL to libmailin-${VERSION}.tar.xz, "
        "and VCPKG_KEEP_ENV_VARS to LIBMAILIN_TARBALL.")
endif()
vcpkg_extract_source_archive(SOURCE_PATH ARCHIVE "$ENV{LIBMAILIN_TARBALL}")

set(OPTIONS --disable-server)
if("event" IN_LIST FEATURES)
    list(APPEND OPTIONS --enable-event --with-openssl)
else()
    list(APPEND OPTIONS --disable-event)
endif()
vcpkg_configure_make(SOURCE_PATH "${SOURCE_PATH}" OPTIONS ${OPTIONS})
vcpkg_install_make()
vcpkg_fixup_pkgconfig()
# vcpkg_configure_make has set bindir to this folder.
vcpkg_copy_tool_dependencies("${CURRENT_PACKAGES_DIR}/tools/${PORT}/bin")
file(REMOVE_RECURSE
    "${CURRENT_PACKAGES_DIR}/tools/${PORT}/debug"
    "${CURRENT_PACKAGES_DIR}/debug/include"
    "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
