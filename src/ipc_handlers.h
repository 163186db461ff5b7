/* SPDX-License-Identifier: ISC */
/*
 * Generates one process's dispatch table from IPC_TABLE.  Before including
 * it define IPC_ME (PARENT, FRONTEND, ENGINE, HELPER) and IPC_PREFIX (parent,
 * ...); afterwards PREFIX_handlers[] exists, and for every message the table
 * sends to this process a handler PREFIX_on_MESSAGE must be defined (the
 * linker's predecessor, the compiler, says which is missing).
 */

#define IPC_CAT2(a, b) a##b
#define IPC_CAT(a, b) IPC_CAT2(a, b)

/* IPC_IF_<me>_<to>(...): its arguments when <to> includes <me>. */
#define IPC_IF_PARENT_PARENT(...) __VA_ARGS__
#define IPC_IF_PARENT_FRONTEND(...)
#define IPC_IF_PARENT_ENGINE(...)
#define IPC_IF_PARENT_HELPER(...)
#define IPC_IF_PARENT_CLIENT(...)
#define IPC_IF_PARENT_CHILDREN(...)
#define IPC_IF_PARENT_FE(...)
#define IPC_IF_FRONTEND_PARENT(...)
#define IPC_IF_FRONTEND_FRONTEND(...) __VA_ARGS__
#define IPC_IF_FRONTEND_ENGINE(...)
#define IPC_IF_FRONTEND_HELPER(...)
#define IPC_IF_FRONTEND_CLIENT(...)
#define IPC_IF_FRONTEND_CHILDREN(...) __VA_ARGS__
#define IPC_IF_FRONTEND_FE(...) __VA_ARGS__
#define IPC_IF_ENGINE_PARENT(...)
#define IPC_IF_ENGINE_FRONTEND(...)
#define IPC_IF_ENGINE_ENGINE(...) __VA_ARGS__
#define IPC_IF_ENGINE_HELPER(...)
#define IPC_IF_ENGINE_CLIENT(...)
#define IPC_IF_ENGINE_CHILDREN(...) __VA_ARGS__
#define IPC_IF_ENGINE_FE(...) __VA_ARGS__
#define IPC_IF_HELPER_PARENT(...)
#define IPC_IF_HELPER_FRONTEND(...)
#define IPC_IF_HELPER_ENGINE(...)
#define IPC_IF_HELPER_HELPER(...) __VA_ARGS__
#define IPC_IF_HELPER_CLIENT(...)
#define IPC_IF_HELPER_CHILDREN(...) __VA_ARGS__
#define IPC_IF_HELPER_FE(...)

#define IPC_IF(to) IPC_CAT(IPC_CAT(IPC_IF_, IPC_ME), _##to)

/* A typed handler, and the thunk the table points to. */
#define IPC_THUNK(M, h, s, from, to, phase, fd)                             \
	IPC_IF(to)                                                          \
	(static void IPC_CAT(IPC_PREFIX, _on_##h)(                          \
	    struct ipc_peer *, const struct s *, int);                      \
	    static void IPC_CAT(IPC_PREFIX, _thunk_##h)(                    \
		struct ipc_peer * peer, const void *data, int descriptor) { \
		    IPC_CAT(IPC_PREFIX, _on_##h)(peer, data, descriptor);   \
	    })
#define IPC_ENTRY(M, h, s, from, to, phase, fd) \
	IPC_IF(to)([MSG_##M] = IPC_CAT(IPC_PREFIX, _thunk_##h), )

IPC_TABLE(IPC_THUNK)

static ipc_handler *const
    IPC_CAT(IPC_PREFIX, _handlers)[MSG_MAX] = { IPC_TABLE(IPC_ENTRY) };
