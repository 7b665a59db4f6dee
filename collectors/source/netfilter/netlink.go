package netfilter

import (
	"encoding/binary"
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxDump bounds what one question to the kernel may be answered with, in bytes.
const maxDump = 256 << 20

// dump asks the kernel for all objects of a type, in the network namespace of the
// calling thread.
func dump(protocol int, request uint16, body []byte) ([]syscall.NetlinkMessage, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	defer unix.Close(fd)
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 10}); err != nil {
		return nil, os.NewSyscallError("setsockopt", err)
	}
	h := binary.NativeEndian
	message := make([]byte, 16, 16+len(body))
	h.PutUint32(message[0:], uint32(16+len(body)))
	h.PutUint16(message[4:], request)
	h.PutUint16(message[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	h.PutUint32(message[8:], 1)
	if err := unix.Sendto(fd, append(message, body...), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, os.NewSyscallError("sendto", err)
	}
	var all []syscall.NetlinkMessage
	buffer, total := make([]byte, 1<<18), 0
	for {
		n, _, flags, _, err := unix.Recvmsg(fd, buffer, nil, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, os.NewSyscallError("recvmsg", err)
		}
		if total += n; flags&unix.MSG_TRUNC != 0 || total > maxDump {
			return nil, errors.New("an answer that is too long")
		}
		list, err := syscall.ParseNetlinkMessage(append([]byte(nil), buffer[:n]...))
		if err != nil {
			return nil, errors.New("an answer that is cut off")
		}
		for _, m := range list {
			if m.Header.Flags&unix.NLM_F_DUMP_INTR != 0 {
				return nil, errors.New("it changed while it was read")
			}
			switch m.Header.Type {
			case unix.NLMSG_DONE:
				return all, nil
			case unix.NLMSG_ERROR:
				if len(m.Data) >= 4 {
					if code := int32(h.Uint32(m.Data)); code != 0 {
						return nil, syscall.Errno(-code)
					}
				}
				return all, nil
			}
			all = append(all, m)
		}
	}
}

// attribute is a type and its value.
type attribute struct {
	kind  uint16
	value []byte
}

// attributes takes a list of them apart.
func attributes(data []byte) []attribute {
	h := binary.NativeEndian
	var list []attribute
	for len(data) >= 4 {
		n := int(h.Uint16(data))
		if n < 4 || n > len(data) {
			break
		}
		list = append(list, attribute{h.Uint16(data[2:]) & 0x3fff, data[4:n]})
		data = data[min(len(data), (n+3)&^3):]
	}
	return list
}
