package netfilter

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// layers finds what besides netfilter decides about the namespace's packets: programs
// at interfaces, queues with filters, policies of IPsec, virtual servers, and programs
// that look for sockets.
func (s *Space) layers() {
	var missed []string
	miss := func(what string, err error) {
		if err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.EPROTONOSUPPORT) && !errors.Is(err, fs.ErrNotExist) {
			missed = append(missed, what+": "+reason(err))
		}
	}
	names := map[uint32]string{}
	for _, l := range s.Interfaces {
		names[uint32(l.Index)] = l.Name
		if l.xdp {
			s.Layers = append(s.Layers, Layer{"xdp", l.Name, "an XDP program is attached"})
		}
		for _, at := range []struct {
			attach uint32
			text   string
		}{{46, "a program is attached at ingress (tcx)"}, {47, "a program is attached at egress (tcx)"}} {
			n, err := attached(l.Index, at.attach)
			if n > 0 {
				s.Layers = append(s.Layers, Layer{"tc", l.Name, at.text})
			}
			if !errors.Is(err, unix.ENODEV) {
				miss("programs at interfaces", err)
			}
		}
	}
	queues, err := dump(unix.NETLINK_ROUTE, unix.RTM_GETQDISC, make([]byte, 20))
	miss("queues", err)
	for _, m := range queues {
		if m.Header.Type != unix.RTM_NEWQDISC || len(m.Data) < 20 {
			continue
		}
		for _, a := range attributes(m.Data[20:]) {
			kind := strings.TrimRight(string(a.value), "\x00")
			if a.kind == unix.TCA_KIND && (kind == "ingress" || kind == "clsact") {
				s.Layers = append(s.Layers, Layer{"tc", names[binary.NativeEndian.Uint32(m.Data[4:])], "a queue of the type " + kind + " can have filters"})
			}
		}
	}
	policies, err := dump(unix.NETLINK_XFRM, 0x15, make([]byte, 64)) // XFRM_MSG_GETPOLICY, xfrm_userpolicy_id
	if !errors.Is(err, unix.ECONNREFUSED) {                          // not in the kernel
		miss("policies of IPsec", err)
	}
	if len(policies) > 0 {
		s.Layers = append(s.Layers, Layer{"xfrm", "", fmt.Sprintf("%d policies of IPsec", len(policies))})
	}
	data, err := os.ReadFile("/proc/thread-self/net/ip_vs")
	miss("virtual servers", err)
	if n := strings.Count(string(data), "\n"); n > 3 { // after three lines of headings
		s.Layers = append(s.Layers, Layer{"ipvs", "", "virtual servers are defined"})
	}
	if f, err := os.Open("/proc/thread-self/ns/net"); err == nil {
		n, err := attached(int(f.Fd()), 36) // BPF_SK_LOOKUP
		miss("programs that look for sockets", err)
		if n > 0 {
			s.Layers = append(s.Layers, Layer{"socket_bpf", "", "a program looks for sockets (sk_lookup)"})
		}
		f.Close()
	}
	slices.SortFunc(s.Layers, func(a, b Layer) int {
		return strings.Compare(a.Type+" "+a.Place+" "+a.Text, b.Type+" "+b.Place+" "+b.Text)
	})
	slices.Sort(missed)
	s.LayersReason = strings.Join(slices.Compact(missed), "; ")
}

// attached counts the BPF programs at a place: BPF_PROG_QUERY of bpf(2).
func attached(target int, attach uint32) (int, error) {
	var query struct {
		target, attach, flags, attachFlags uint32
		ids                                uint64
		count                              uint32
		_                                  uint32
		_                                  [3]uint64
	}
	query.target, query.attach = uint32(target), attach
	_, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_PROG_QUERY, uintptr(unsafe.Pointer(&query)), unsafe.Sizeof(query))
	if errno != 0 && errno != unix.ENOSPC {
		return 0, errno
	}
	return int(query.count), nil
}

// maxGroups bounds the control groups that are asked.
const maxGroups = 1 << 15

// ReadGroups finds the programs that control groups have for the packets of their
// processes, as systemd's IPAddressAllow and IPAddressDeny make them. They stand in
// every network namespace. The reason says why there may be more.
func ReadGroups(root string) (layers []Layer, why string) {
	count := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) && name != root {
				return nil
			}
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if count++; count > maxGroups {
			return fmt.Errorf("more than %d", maxGroups)
		}
		fd, err := unix.Open(name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		for attach, text := range []string{"a program judges what comes in", "a program judges what goes out"} { // BPF_CGROUP_INET_INGRESS, _EGRESS
			n, err := attached(fd, uint32(attach))
			if err == unix.EINVAL || err == unix.EBADF {
				return fs.SkipAll // not a tree of version 2, or a kernel without them
			}
			if err != nil {
				return err
			}
			if n > 0 {
				layers = append(layers, Layer{"cgroup_bpf", plain(strings.TrimPrefix(name, root)), text})
			}
		}
		return nil
	})
	if err != nil {
		why = "programs of control groups: " + reason(err)
	}
	return layers, why
}

// ReadLinks reports whether a BPF program is attached to a hook of netfilter; its
// namespace is not told.
func ReadLinks() (layers []Layer, why string) {
	id := uint32(0)
	for range 1 << 16 {
		var next struct{ start, next, flags uint32 }
		next.start = id
		_, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_LINK_GET_NEXT_ID, uintptr(unsafe.Pointer(&next)), unsafe.Sizeof(next))
		switch errno {
		case 0:
		case unix.ENOENT, unix.EINVAL, unix.ENOSYS:
			return layers, ""
		default:
			return layers, "programs at the hooks of netfilter: " + errno.Error()
		}
		id = next.next
		kind, err := linkType(id)
		if err != nil && !errors.Is(err, unix.ENOENT) {
			return layers, "programs at the hooks of netfilter: " + err.Error()
		}
		if kind == 10 { // BPF_LINK_TYPE_NETFILTER
			return append(layers, Layer{"netfilter_bpf", "", "a program is attached to a hook of netfilter, in this namespace or another"}), ""
		}
	}
	return layers, "programs at the hooks of netfilter: too many"
}

func linkType(id uint32) (uint32, error) {
	open := struct{ id, next, flags uint32 }{id: id}
	fd, _, errno := unix.Syscall(unix.SYS_BPF, unix.BPF_LINK_GET_FD_BY_ID, uintptr(unsafe.Pointer(&open)), unsafe.Sizeof(open))
	if errno != 0 {
		return 0, errno
	}
	defer unix.Close(int(fd))
	var info [128]byte
	ask := struct {
		fd, size uint32
		info     uint64
	}{uint32(fd), uint32(len(info)), uint64(uintptr(unsafe.Pointer(&info)))}
	_, _, errno = unix.Syscall(unix.SYS_BPF, unix.BPF_OBJ_GET_INFO_BY_FD, uintptr(unsafe.Pointer(&ask)), unsafe.Sizeof(ask))
	if errno != 0 {
		return 0, errno
	}
	return binary.NativeEndian.Uint32(info[:]), nil
}
