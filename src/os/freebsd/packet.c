/* SPDX-License-Identifier: ISC */
/*
 * Packet descriptors (bpf(4)).  Each gets both its filters and is locked
 * (BIOCLOCK) before it is passed: the holder can neither change them nor move
 * it to another interface.  It does not come back with an interface that was
 * destroyed or moved into a jail, and kqueue(2) does not tell (net/bpf.c:
 * bpf_ready); the parent, which hears RTM_IFANNOUNCE, makes a new one.
 */

#include <sys/param.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <net/bpf.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "freebsd.h"
#include "../bpf_filter.h"

#define BUFLEN 16384

_Static_assert(sizeof(struct filter_insn) == sizeof(struct bpf_insn) &&
	offsetof(struct filter_insn, jt) == offsetof(struct bpf_insn, jt) &&
	offsetof(struct filter_insn, jf) == offsetof(struct bpf_insn, jf) &&
	offsetof(struct filter_insn, k) == offsetof(struct bpf_insn, k),
    "struct bpf_insn");
_Static_assert(offsetof(struct bpf_hdr, bh_caplen) == BPF_HDR_CAPLEN &&
	offsetof(struct bpf_hdr, bh_datalen) == BPF_HDR_DATALEN &&
	offsetof(struct bpf_hdr, bh_hdrlen) == BPF_HDR_HDRLEN &&
	BPF_ALIGNMENT == sizeof(long),
    "struct bpf_hdr");

static int
set_filter(int fd, unsigned long request, const struct filter *f)
{
	struct bpf_insn code[FILTER_MAX];
	struct bpf_program program = { .bf_len = f->len, .bf_insns = code };

	memcpy(code, f->code, sizeof(code));
	return ioctl(fd, request, &program) == -1 ? errno : 0;
}

/*
 * The order: buffer size before the interface, link type after it, the lock
 * last.  The source address is always the interface's (BIOCSHDRCMPLT stays
 * off).
 */
static int
set_up(int fd, const char *ifname, const struct filter *readf,
    const struct filter *writef, unsigned int direction, uint32_t *buflen)
{
	unsigned int dlt = 0, one = 1, size = BUFLEN;
	struct ifreq ifr;
	int error;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, ifname, sizeof(ifr.ifr_name));
	if ((error = set_filter(fd, BIOCSETF, readf)) != 0 ||
	    (error = set_filter(fd, BIOCSETWF, writef)) != 0)
		return error;
	if (ioctl(fd, BIOCSBLEN, &size) == -1 ||
	    ioctl(fd, BIOCSDIRECTION, &direction) == -1 ||
	    ioctl(fd, BIOCIMMEDIATE, &one) == -1 ||
	    ioctl(fd, BIOCSETIF, &ifr) == -1 ||
	    ioctl(fd, BIOCGDLT, &dlt) == -1 ||
	    ioctl(fd, BIOCGBLEN, &size) == -1)
		return errno;
	if (dlt != DLT_EN10MB)
		return EAFNOSUPPORT;
	if (size > BUFLEN)
		return EMSGSIZE; /* os_packet_read() has that much room */
	if (ioctl(fd, BIOCLOCK) == -1)
		return errno;
	*buflen = size;
	return 0;
}

static int
packet_open(const struct interface *iface, const struct filter *readf,
    const struct filter *writef, unsigned int direction, int *fd,
    uint32_t *buflen)
{
	char name[IFACE_NAME_MAX];
	cap_rights_t rights;
	int error, b;

	strlcpy(name, iface->name, sizeof(name));
	b = open("/dev/bpf", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (b == -1)
		return errno;
	error = set_up(b, name, readf, writef, direction, buflen);
	/* No ioctl(2) is left to the holder: it is told the buffer's size. */
	cap_rights_init(&rights, CAP_READ, CAP_WRITE, CAP_EVENT);
	if (error == 0)
		error = limit_rights(b, &rights);
	if (error != 0)
		close(b);
	else
		*fd = b;
	return error;
}

/* EAFNOSUPPORT: the interface has no Ethernet addresses (Y-21). */
int
os_socket_dhcp4(const struct interface *iface, int *fd, uint32_t *buflen)
{
	struct filter readf, writef;
	int error;

	if (!(iface->flags & IFACE_ETHERNET) ||
	    iface->hwaddr_len != ETHER_ADDR_LEN)
		return EAFNOSUPPORT;
	if ((error = filter_dhcp4_read(&readf, iface)) != 0 ||
	    (error = filter_dhcp4_write(&writef, iface)) != 0)
		return error;
	/* FreeBSD 13.2 shows bpf(4) what comes in by lagg(4) before it is
	 * lagg's, as going out.  The filter knows an answer without that. */
	return packet_open(iface, &readf, &writef, BPF_D_INOUT, fd, buflen);
}

int
os_socket_arp(const struct interface *iface, struct in_addr key,
    struct in_addr peer, int *fd, uint32_t *buflen)
{
	struct filter readf, writef;
	int error;

	if (!(iface->flags & IFACE_ETHERNET) ||
	    iface->hwaddr_len != ETHER_ADDR_LEN)
		return EAFNOSUPPORT;
	if (key.s_addr == INADDR_ANY)
		return EINVAL;
	if ((error = filter_arp_read(&readf, key, peer)) != 0 ||
	    (error = filter_arp_write(&writef, iface, key)) != 0)
		return error;
	/* Not what this host sends, from whatever address it has by now. */
	return packet_open(iface, &readf, &writef, BPF_D_IN, fd, buflen);
}

/* ---- in the frontend ---- */

/*
 * The length must be exactly the buffer's (net/bpf.c:bpfread).  One read may
 * hold many frames, and none may be left in it: max bounds the reads, the
 * buffer bounds the frames.
 */
int
os_packet_read(int fd, enum channel channel, uint32_t buflen, int max,
    void (*cb)(void *, const uint8_t *, size_t, int recv_flags), void *arg)
{
	static _Alignas(long) uint8_t buf[BUFLEN];
	int frames = 0;
	ssize_t n;

	(void)channel;
	if (buflen == 0 || buflen > sizeof(buf)) {
		errno = EINVAL;
		return -1;
	}
	while (frames < max) {
		n = read(fd, buf, buflen);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n == -1)
			return frames > 0 ? frames : -1;
		if (n == 0)
			break;
		frames += bpf_walk(buf, (size_t)n, BUFLEN, cb, arg);
	}
	return frames;
}

/* write(2) on a packet descriptor, else send(2) without a name. */
int
os_packet_send(int fd, enum channel channel, const uint8_t *data, size_t len)
{
	ssize_t n;

	if (channel == CHANNEL_DHCP4 || channel == CHANNEL_ARP)
		n = write(fd, data, len);
	else
		n = send(fd, data, len, MSG_NOSIGNAL);
	if (n == -1)
		return errno;
	return (size_t)n == len ? 0 : EMSGSIZE;
}
