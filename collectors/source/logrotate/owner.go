package logrotate

import (
	"io/fs"
	"syscall"
)

// owner is the user that a file belongs to, where the file system says.
func owner(info fs.FileInfo) (uint32, bool) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Uid, true
	}
	return 0, false
}

// device is what a file stands on, where the file system says.
func device(info fs.FileInfo) (uint64, bool) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Dev), true
	}
	return 0, false
}
