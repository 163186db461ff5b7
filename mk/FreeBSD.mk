# What FreeBSD needs: libevent and jansson from packages, the rest is base.
YACC = yacc
OS_PKGS = libevent_core
OS_CPPFLAGS != ${PKG_CONFIG} --cflags ${OS_PKGS}; \
	printf '%s\n' '-DLEASED_PREFIX=\"${PREFIX}\"'
OS_LIBS != ${PKG_CONFIG} --libs ${OS_PKGS}
CTL_LIBS != ${PKG_CONFIG} --libs jansson
# Of the base system, where libatf-c is a private library.
TEST_LIBS = -lprivateatf-c
