# What FreeBSD needs: libevent and jansson from packages, the rest is base.
YACC = yacc
OS_CPPFLAGS != ${PKG_CONFIG} --cflags libevent_core
OS_LIBS != ${PKG_CONFIG} --libs libevent_core
CTL_LIBS != ${PKG_CONFIG} --libs jansson
TEST_LIBS = -lprivateatf-c
