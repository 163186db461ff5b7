/* SPDX-License-Identifier: ISC */
/*
 * Every counter, once: shown by `leasectl show counters`, JSON, and
 * OpenMetrics under these names.  Per interface; the engine keeps them.
 */
#ifndef LEASED_COUNTERS_H
#define LEASED_COUNTERS_H

/* X(symbol, name, help) */
#define COUNTERS(X)                                                            \
	X(D4_TX_DISCOVER, "dhcp4_sent_discover", "DHCPDISCOVER sent")          \
	X(D4_TX_REQUEST, "dhcp4_sent_request", "DHCPREQUEST sent")             \
	X(D4_TX_DECLINE, "dhcp4_sent_decline", "DHCPDECLINE sent")             \
	X(D4_TX_RELEASE, "dhcp4_sent_release", "DHCPRELEASE sent")             \
	X(D4_TX_INFORM, "dhcp4_sent_inform", "DHCPINFORM sent")                \
	X(D4_RX_OFFER, "dhcp4_received_offer", "DHCPOFFER accepted")           \
	X(D4_RX_ACK, "dhcp4_received_ack", "DHCPACK accepted")                 \
	X(D4_RX_NAK, "dhcp4_received_nak", "DHCPNAK accepted")                 \
	X(D4_RETRANSMIT, "dhcp4_retransmissions", "messages sent again")       \
	X(D4_RENEWED, "dhcp4_renewals", "leases renewed or rebound")           \
	X(D4_EXPIRED, "dhcp4_expired", "leases that expired")                  \
	X(D4_CONFLICT, "dhcp4_conflicts", "address conflicts")                 \
	X(D4_SEND_ERROR, "dhcp4_send_errors", "send errors")                   \
	X(D4_SEND_FILTERED, "dhcp4_send_filtered",                             \
	    "sends dropped by a packet filter")                                \
	X(D4_DROP_FRAME, "dhcp4_drop_frame", "not a valid IPv4 UDP frame")     \
	X(D4_DROP_CHECKSUM, "dhcp4_drop_checksum", "wrong checksum")           \
	X(D4_CSUM_PARTIAL, "dhcp4_checksum_partial",                           \
	    "accepted with a checksum left to the device")                     \
	X(D4_DROP_BOOTP, "dhcp4_drop_bootp", "not a BOOTREPLY to us")          \
	X(D4_DROP_XID, "dhcp4_drop_xid", "foreign transaction id")             \
	X(D4_DROP_OPTIONS, "dhcp4_drop_options", "malformed options")          \
	X(D4_DROP_TYPE, "dhcp4_drop_type",                                     \
	    "message type not expected in this state")                         \
	X(D4_DROP_SERVER, "dhcp4_drop_server", "another or an ignored server") \
	X(D4_DROP_LEASE, "dhcp4_drop_lease", "lease that cannot be used")      \
	X(D4_BAD_OPTION, "dhcp4_option_ignored",                               \
	    "options ignored as malformed")                                    \
	X(D4_BAD_NAME, "dhcp4_name_ignored", "names ignored as malformed")     \
	X(D4_EXCESS, "dhcp4_excess",                                           \
	    "routes, servers or names over the bound")                         \
	X(ARP_TX_PROBE, "arp_sent_probe", "ARP probes sent")                   \
	X(ARP_TX_ANNOUNCE, "arp_sent_announce", "ARP announcements sent")      \
	X(ARP_TX_REQUEST, "arp_sent_request", "unicast ARP requests sent")     \
	X(ARP_RX, "arp_received", "ARP packets looked at")                     \
	X(ARP_DROP, "arp_drop", "ARP packets dropped as malformed")            \
	X(ARP_DEFENDED, "arp_defended", "conflicts defended against")          \
	X(ND_TX_RS, "nd_sent_solicitation", "router solicitations sent")       \
	X(ND_RX_RA, "nd_received_advertisement",                               \
	    "router advertisements accepted")                                  \
	X(ND_RETRANSMIT, "nd_retransmissions", "solicitations sent again")     \
	X(ND_SEND_ERROR, "nd_send_errors", "solicitations not sent")           \
	X(ND_SEND_FILTERED, "nd_send_filtered",                                \
	    "solicitations dropped by a packet filter")                        \
	X(ND_DROP_HOP_LIMIT, "nd_drop_hop_limit", "hop limit is not 255")      \
	X(ND_DROP_SOURCE, "nd_drop_source", "source is not link-local")        \
	X(ND_DROP_TYPE, "nd_drop_type", "not a router advertisement")          \
	X(ND_DROP_SHORT, "nd_drop_short", "too short or too long")             \
	X(ND_DROP_OPTIONS, "nd_drop_options", "malformed options")             \
	X(ND_BAD_OPTION, "nd_option_ignored", "options ignored as malformed")  \
	X(ND_BAD_NAME, "nd_name_ignored", "names ignored as malformed")        \
	X(ND_EXCESS, "nd_excess", "entries over a bound, not taken")           \
	X(ND_EVICT_ROUTER, "nd_evicted_routers", "routers evicted")            \
	X(ND_EVICT_PREFIX, "nd_evicted_prefixes", "prefixes evicted")          \
	X(ND_EVICT_ROUTE, "nd_evicted_routes", "routes evicted")               \
	X(ND_EVICT_ADDR, "nd_evicted_addresses", "addresses evicted")          \
	X(ND_TWO_HOURS, "nd_lifetime_kept",                                    \
	    "lifetimes not shortened (RFC 4862 5.5.3)")                        \
	X(ND_NO_ADDRESS, "nd_prefix_ignored",                                  \
	    "prefixes no address is made from")                                \
	X(ND_DUPLICATE, "nd_duplicates", "addresses found duplicated")         \
	X(ND_EXPIRED, "nd_expired", "addresses that expired")                  \
	X(D6_TX_SOLICIT, "dhcp6_sent_solicit", "Solicit sent")                 \
	X(D6_TX_REQUEST, "dhcp6_sent_request", "Request sent")                 \
	X(D6_TX_CONFIRM, "dhcp6_sent_confirm", "Confirm sent")                 \
	X(D6_TX_RENEW, "dhcp6_sent_renew", "Renew sent")                       \
	X(D6_TX_REBIND, "dhcp6_sent_rebind", "Rebind sent")                    \
	X(D6_TX_INFORM, "dhcp6_sent_inform", "Information-request sent")       \
	X(D6_TX_RELEASE, "dhcp6_sent_release", "Release sent")                 \
	X(D6_TX_DECLINE, "dhcp6_sent_decline", "Decline sent")                 \
	X(D6_TX_REGISTER, "dhcp6_sent_register", "Addr-reg-inform sent")       \
	X(D6_RX_ADVERTISE, "dhcp6_received_advertise", "Advertise accepted")   \
	X(D6_RX_REPLY, "dhcp6_received_reply", "Reply accepted")               \
	X(D6_RX_RECONFIGURE, "dhcp6_received_reconfigure",                     \
	    "Reconfigure accepted")                                            \
	X(D6_RETRANSMIT, "dhcp6_retransmissions", "messages sent again")       \
	X(D6_RENEWED, "dhcp6_renewals", "leases renewed or rebound")           \
	X(D6_EXPIRED, "dhcp6_expired", "addresses and prefixes that expired")  \
	X(D6_CONFLICT, "dhcp6_conflicts",                                      \
	    "leased addresses that were duplicates")                           \
	X(D6_SEND_ERROR, "dhcp6_send_errors", "send errors")                   \
	X(D6_SEND_FILTERED, "dhcp6_send_filtered",                             \
	    "sends dropped by a packet filter")                                \
	X(D6_DROP_SOURCE, "dhcp6_drop_source", "not from a unicast address")   \
	X(D6_DROP_TYPE, "dhcp6_drop_type",                                     \
	    "message type not expected in this state")                         \
	X(D6_DROP_LENGTH, "dhcp6_drop_length",                                 \
	    "message too short or too long")                                   \
	X(D6_DROP_OPTIONS, "dhcp6_drop_options", "malformed options")          \
	X(D6_DROP_XID, "dhcp6_drop_xid", "foreign transaction id")             \
	X(D6_DROP_SERVER, "dhcp6_drop_server",                                 \
	    "no server id, two, or another server")                            \
	X(D6_DROP_CLIENT, "dhcp6_drop_client", "client id of somebody else")   \
	X(D6_DROP_AUTH, "dhcp6_drop_auth",                                     \
	    "Reconfigure without valid authentication")                        \
	X(D6_DROP_LEASE, "dhcp6_drop_lease",                                   \
	    "answer without a lease that can be used")                         \
	X(D6_BAD_OPTION, "dhcp6_option_ignored",                               \
	    "options ignored as malformed")                                    \
	X(D6_BAD_NAME, "dhcp6_name_ignored", "names ignored as malformed")     \
	X(D6_EXCESS, "dhcp6_excess",                                           \
	    "addresses, servers or names over the bound")                      \
	X(PD_ASSIGNED, "pd_assigned",                                          \
	    "subnets assigned from delegated prefixes")                        \
	X(PD_REFUSED, "pd_refused", "subnets that could not be assigned")      \
	X(RATE_LIMITED, "rate_limited", "packets over the frontend's rate")    \
	X(OVERSIZED, "oversized", "packets longer than the buffer")            \
	X(REFUSED, "refused", "requests refused by the parent's policy")       \
	X(KERNEL_ERROR, "kernel_errors", "changes the kernel refused")

#define COUNTER_SYMBOL(s, n, h) COUNT_##s,
enum counter { COUNTERS(COUNTER_SYMBOL) COUNT_MAX };
#undef COUNTER_SYMBOL

#endif
