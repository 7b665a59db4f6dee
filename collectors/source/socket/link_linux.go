package socket

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// describe reads the interfaces, addresses and ports of the namespace of the calling
// thread.
func (n *Namespace) describe() {
	n.Links, n.Addresses, n.LinksReason = nil, nil, ""
	if err := n.links(); err != nil {
		n.LinksReason = "the interfaces of the network namespace cannot be read: " + reason(err)
	}
	n.ephemeral("/proc/sys/net/ipv4/ip_local_port_range")
}

func (n *Namespace) links() error {
	messages, err := routes(syscall.RTM_GETLINK)
	if err != nil {
		return err
	}
	for _, m := range messages {
		if m.Header.Type != syscall.RTM_NEWLINK || len(m.Data) < syscall.SizeofIfInfomsg {
			continue
		}
		h := binary.NativeEndian
		l := Link{Index: h.Uint32(m.Data[4:])}
		flags := h.Uint32(m.Data[8:])
		l.Loopback, l.Up = flags&syscall.IFF_LOOPBACK != 0, flags&syscall.IFF_UP != 0
		attributes, err := syscall.ParseNetlinkRouteAttr(&m)
		if err != nil {
			return err
		}
		for _, a := range attributes {
			if a.Attr.Type == syscall.IFLA_IFNAME {
				l.Name = strings.TrimRight(string(a.Value), "\x00")
			}
		}
		if !l.Loopback {
			data, err := os.ReadFile("/proc/sys/net/ipv4/conf/" + l.Name + "/route_localnet")
			l.LocalRouted = err == nil && strings.TrimSpace(string(data)) == "1"
		}
		n.Links = append(n.Links, l)
	}
	if messages, err = routes(syscall.RTM_GETADDR); err != nil {
		return err
	}
	for _, m := range messages {
		if m.Header.Type != syscall.RTM_NEWADDR || len(m.Data) < syscall.SizeofIfAddrmsg {
			continue
		}
		attributes, err := syscall.ParseNetlinkRouteAttr(&m)
		if err != nil {
			return err
		}
		link := binary.NativeEndian.Uint32(m.Data[4:])
		var local, remote netip.Addr
		for _, a := range attributes {
			addr, ok := netip.AddrFromSlice(a.Value)
			switch {
			case !ok:
			case a.Attr.Type == syscall.IFA_LOCAL:
				local = addr
			case a.Attr.Type == syscall.IFA_ADDRESS:
				remote = addr // the own one where the link is not point-to-point
			}
		}
		if !local.IsValid() {
			local = remote
		}
		if local.IsValid() {
			n.Addresses = append(n.Addresses, Address{link, local})
		}
	}
	return nil
}

func routes(request int) ([]syscall.NetlinkMessage, error) {
	data, err := syscall.NetlinkRIB(request, syscall.AF_UNSPEC)
	if err != nil {
		return nil, os.NewSyscallError("netlinkrib", err)
	}
	return syscall.ParseNetlinkMessage(data)
}

// ephemeral reads the range of ports that the kernel gives out.
func (n *Namespace) ephemeral(file string) {
	data, err := os.ReadFile(file)
	if err == nil {
		n.EphemeralFrom, n.EphemeralTo, err = parseRange(string(data))
	}
	n.EphemeralReason = ""
	if err != nil {
		n.EphemeralReason = "ip_local_port_range cannot be read: " + reason(err)
	}
}

// parseRange reads "32768\t60999\n".
func parseRange(text string) (from, to uint16, err error) {
	f := strings.Fields(text)
	if len(f) != 2 {
		return 0, 0, fmt.Errorf("%q is not a range", text)
	}
	a, err := strconv.ParseUint(f[0], 10, 16)
	b, err2 := strconv.ParseUint(f[1], 10, 16)
	if err := errors.Join(err, err2); err != nil || a > b {
		return 0, 0, fmt.Errorf("%q is not a range", text)
	}
	return uint16(a), uint16(b), nil
}

// reason is the text of an error without the path it is about.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return err.Error()
}
