package netfilter

import (
	"strconv"
	"strings"
	"sync"
)

// extensionOptions lists the options of matches and targets that are decoded or may
// be passed over: names, "/" between those that mean the same (the first is the
// canonical one), and how many arguments they take where it is not one.
const extensionOptions = `
m tcp: sport/source-port dport/destination-port tcp-flags=2 syn=0 tcp-option
m udp: sport/source-port dport/destination-port
m udplite: sport/source-port dport/destination-port
m sctp: sport/source-port dport/destination-port chunk-types=2
m dccp: sport/source-port dport/destination-port dccp-types dccp-option
m icmp: icmp-type
m icmp6: icmpv6-type/icmp6-type
m conntrack: ctstate ctproto ctorigsrc ctorigdst ctreplsrc ctrepldst ctorigsrcport ctorigdstport ctreplsrcport ctrepldstport ctstatus ctexpire ctdir
m state: state
m multiport: sports/source-ports dports/destination-ports ports/port
m iprange: src-range dst-range
m addrtype: src-type dst-type limit-iface-in=0 limit-iface-out=0
m set: match-set/set=2 return-nomatch=0 update-counters=0 update-subcounters=0 packets-eq packets-lt packets-gt bytes-eq bytes-lt bytes-gt
m comment: comment
m limit: limit limit-burst
m hashlimit: hashlimit-upto/hashlimit hashlimit-above hashlimit-burst hashlimit-mode hashlimit-name hashlimit-srcmask hashlimit-dstmask hashlimit-htable-size hashlimit-htable-max hashlimit-htable-expire hashlimit-htable-gcinterval hashlimit-rate-match=0 hashlimit-rate-interval
m recent: set=0 rcheck=0 update=0 remove=0 seconds hitcount rttl=0 name rsource=0 rdest=0 mask reap=0
m connlimit: connlimit-upto connlimit-above connlimit-mask connlimit-saddr=0 connlimit-daddr=0
m mark: mark
m connmark: mark
m pkttype: pkt-type
m statistic: mode probability every packet
m quota: quota
m rpfilter: loose=0 validmark=0 accept-local=0 invert=0
m physdev: physdev-in physdev-out physdev-is-in=0 physdev-is-out=0 physdev-is-bridged=0
m hl: hl-eq hl-lt hl-gt
m ttl: ttl-eq/ttl ttl-lt ttl-gt
m rt: rt-type rt-segsleft rt-len rt-0-res=0 rt-0-addrs rt-0-not-strict=0
m mac: mac-source
m owner: uid-owner gid-owner suppl-groups=0 socket-exists=0
m socket: transparent=0 nowildcard=0 restore-skmark=0
m time: datestart datestop timestart timestop monthdays weekdays kerneltz=0 contiguous=0 utc=0 localtz=0
m string: string hex-string algo from to icase=0
m u32: u32
m bpf: bytecode object-pinned
m cgroup: path cgroup
m length: length
m dscp: dscp dscp-class
m tos: tos
m ecn: ecn-tcp-cwr=0 ecn-tcp-ece=0 ecn-ip-ect
m tcpmss: mss
m helper: helper
m policy: dir pol strict=0 next=0 reqid spi proto mode tunnel-src tunnel-dst
m realm: realm
m esp: espspi
m ah: ahspi ahlen ahres=0
m frag: fragid fraglen fragres=0 fragfirst=0 fragmore=0 fraglast=0
m ipv6header: header soft=0
m dst: dst-len dst-opts
m hbh: hbh-len hbh-opts
m mh: mh-type
m devgroup: src-group dst-group
m cpu: cpu
m connbytes: connbytes connbytes-dir connbytes-mode
m connlabel: label set=0
m cluster: cluster-total-nodes cluster-local-node cluster-local-nodemask cluster-hash-seed
m nfacct: nfacct-name
m osf: genre ttl log
m geoip: src-cc/source-country dst-cc/destination-country
t REJECT: reject-with
t LOG: log-level log-prefix log-tcp-sequence=0 log-tcp-options=0 log-ip-options=0 log-uid=0 log-macdecode=0
t NFLOG: nflog-group nflog-prefix nflog-range nflog-size nflog-threshold
t ULOG: ulog-nlgroup ulog-prefix ulog-cprange ulog-qthreshold
t AUDIT: type
t DNAT: to-destination random=0 persistent=0
t REDIRECT: to-ports random=0
t SNAT: to-source random=0 random-fully=0 persistent=0
t MASQUERADE: to-ports random=0 random-fully=0
t NETMAP: to
t MARK: set-mark set-xmark and-mark or-mark xor-mark
t CONNMARK: set-mark set-xmark and-mark or-mark xor-mark save-mark=0 restore-mark=0 mask nfmask ctmask left-shift-mark right-shift-mark
t CT: notrack=0 helper zone zone-orig zone-reply ctevents expevents timeout
t NOTRACK:
t TPROXY: on-port on-ip tproxy-mark
t SYNPROXY: mss wscale sack-perm=0 timestamp=0 ecn=0
t QUEUE:
t NFQUEUE: queue-num queue-balance queue-bypass=0 queue-cpu-fanout=0
t TRACE:
t TCPMSS: set-mss clamp-mss-to-pmtu=0
t TCPOPTSTRIP: strip-options
t CLASSIFY: set-class
t CHECKSUM: checksum-fill=0
t DSCP: set-dscp set-dscp-class
t TOS: set-tos and-tos or-tos xor-tos
t ECN: ecn-tcp-remove=0
t TTL: ttl-set ttl-dec ttl-inc
t HL: hl-set hl-dec hl-inc
t TEE: gateway oif
t RATEEST: rateest-name rateest-interval rateest-ewmalog
t LED: led-trigger-id led-delay led-always-blink=0
t IDLETIMER: timeout label alarm=0
t CONNSECMARK: save=0 restore=0
t SECMARK: selctx
t SET: add-set=2 del-set=2 map-set=2 exist=0 timeout map-mark=0 map-prio=0 map-queue=0
t HMARK: hmark-tuple hmark-mod hmark-offset hmark-src-prefix hmark-dst-prefix hmark-sport-mask hmark-dport-mask hmark-spi-mask hmark-proto-mask hmark-rnd
t CLUSTERIP: new=0 hashmode clustermac total-nodes local-node hash-init
t DNPT: src-pfx dst-pfx
t SNPT: src-pfx dst-pfx
`

// optionSpec is an option's canonical name and how many arguments it takes.
type optionSpec struct {
	name string
	args int
}

var optionTable = sync.OnceValue(func() map[string]map[string]optionSpec {
	table := map[string]map[string]optionSpec{}
	for _, line := range strings.Split(strings.TrimSpace(extensionOptions), "\n") {
		module, list, _ := strings.Cut(line, ":")
		options := map[string]optionSpec{}
		for _, entry := range strings.Fields(list) {
			names, count, counted := strings.Cut(entry, "=")
			args := 1
			if counted {
				args, _ = strconv.Atoi(count)
			}
			all := strings.Split(names, "/")
			for _, n := range all {
				options["--"+n] = optionSpec{all[0], args}
			}
		}
		table[module] = options
	}
	return table
})

// extensionOption says what an option of a match or a target is called and how many
// arguments it takes.
func extensionOption(module string, target bool, name string) (canonical string, args int, ok bool) {
	key := "m " + module
	if target {
		key = "t " + module
	}
	o, ok := optionTable()[key][name]
	return o.name, o.args, ok
}
