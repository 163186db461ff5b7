# What Linux needs: libbsd for the BSD functions, libmd for digests, libmnl
# for rtnetlink, libseccomp for the filters.
OS_PKGS = libevent_core libbsd-overlay libmd libmnl libseccomp
OS_CPPFLAGS != printf '%s ' -D_GNU_SOURCE; ${PKG_CONFIG} --cflags ${OS_PKGS}
OS_LIBS != ${PKG_CONFIG} --libs ${OS_PKGS}
CTL_LIBS != ${PKG_CONFIG} --libs jansson
TEST_LIBS != ${PKG_CONFIG} --libs atf-c
