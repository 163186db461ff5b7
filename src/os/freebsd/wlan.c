/* SPDX-License-Identifier: ISC */
/* The SSID of a WLAN interface (net80211(4), SIOCG80211). */

#include <sys/param.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net80211/ieee80211.h>
#include <net80211/ieee80211_ioctl.h>
#include <errno.h>
#include <string.h>

#include "freebsd.h"

int
wlan_ssid(const char *ifname, uint8_t *id, uint8_t *len)
{
	struct ieee80211req req;
	uint8_t ssid[IEEE80211_NWID_LEN];

	*len = 0;
	memset(&req, 0, sizeof(req));
	memset(ssid, 0, sizeof(ssid));
	strlcpy(req.i_name, ifname, sizeof(req.i_name));
	req.i_type = IEEE80211_IOC_SSID;
	req.i_val = -1; /* the current one */
	req.i_len = sizeof(ssid);
	req.i_data = ssid;
	/* EINVAL and the like: no WLAN interface */
	if (ifioctl4(SIOCG80211, &req) != 0)
		return 0;
	if (req.i_len > NETWORK_ID_MAX || req.i_len > sizeof(ssid))
		return 1;
	memcpy(id, ssid, req.i_len);
	*len = (uint8_t)req.i_len;
	return 1;
}
