package socket

import (
	"errors"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/writ-policy/writ/collectors/source/process"
)

// holders walks the descriptors of processes.
type holders struct {
	want   map[uint32][]*Socket
	deep   bool // threads too: one may have descriptors of its own
	next   atomic.Int64
	mu     sync.Mutex
	found  []held
	spaces map[uint64]string // network namespaces that a descriptor leads to
	denied int
	why    string
}

// held is a process and the inodes of sockets that it holds.
type held struct {
	process *process.Process
	inodes  []uint32
}

// walk asks every process for its descriptors and notes who holds the sockets. A
// process that ends meanwhile holds none.
func (h *holders) walk(pids []int) {
	h.spaces = map[uint64]string{}
	var wg sync.WaitGroup
	for range min(4, max(2, runtime.GOMAXPROCS(0)), len(pids)) {
		wg.Go(func() {
			w := walker{holders: h, entries: make([]byte, 1<<15)}
			for {
				i := int(h.next.Add(1)) - 1
				if i >= len(pids) {
					return
				}
				w.process(pids[i])
			}
		})
	}
	wg.Wait()
	slices.SortFunc(h.found, func(a, b held) int { return a.process.PID - b.process.PID })
	for _, x := range h.found {
		for _, inode := range x.inodes {
			for _, s := range h.want[inode] {
				if !slices.Contains(s.Holders, x.process) {
					s.Holders = append(s.Holders, x.process)
				}
			}
		}
	}
}

// walker is one that walks, with what it need not make anew.
type walker struct {
	*holders
	entries []byte
	link    [64]byte
	inodes  []uint32
	spaces  []uint64
}

// process reads the descriptors of one. Its folder is held open meanwhile, so that no
// other process is taken for it.
func (w *walker) process(pid int) {
	folder := "/proc/" + strconv.Itoa(pid)
	dir, err := unix.Open(folder, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return // it ended
	}
	defer unix.Close(dir)
	w.inodes, w.spaces = w.inodes[:0], w.spaces[:0]
	err = w.descriptors(dir, "fd")
	if w.deep && err == nil {
		err = w.threads(dir)
	}
	if err == nil && len(w.inodes) == 0 && len(w.spaces) == 0 {
		return
	}
	var p *process.Process
	if len(w.inodes) > 0 {
		p = process.Read(pid, dir)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.denied++
		w.why = err.Error()
	}
	for _, inode := range w.spaces {
		w.holders.spaces[inode] = folder
	}
	if p != nil {
		w.found = append(w.found, held{p, slices.Clone(w.inodes)})
	}
}

// threads reads the descriptors of each thread.
func (w *walker) threads(dir int) error {
	tasks, err := unix.Openat(dir, "task", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return gone(err)
	}
	defer unix.Close(tasks)
	var names []string
	entries := make([]byte, 1<<13)
	for {
		n, err := unix.Getdents(tasks, entries)
		if err != nil || n <= 0 {
			break
		}
		eachEntry(entries[:n], func(name []byte) bool {
			names = append(names, string(name[:len(name)-1]))
			return true
		})
	}
	for _, name := range names {
		if err := w.descriptors(tasks, name+"/fd"); err != nil {
			return err
		}
	}
	return nil
}

// descriptors reads a folder of descriptors. An error says that it may not be read.
func (w *walker) descriptors(dir int, name string) error {
	fd, err := unix.Openat(dir, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return gone(err)
	}
	defer unix.Close(fd)
	for {
		n, err := unix.Getdents(fd, w.entries)
		if err != nil {
			return gone(err)
		}
		if n <= 0 {
			return nil
		}
		var refused error
		eachEntry(w.entries[:n], func(name []byte) bool {
			// The name ends in a zero byte, as the kernel wants it: nothing is copied.
			size, _, errno := unix.Syscall6(unix.SYS_READLINKAT, uintptr(fd), uintptr(unsafe.Pointer(&name[0])),
				uintptr(unsafe.Pointer(&w.link[0])), uintptr(len(w.link)), 0, 0)
			if errno != 0 {
				refused = gone(errno)
				return refused == nil
			}
			w.take(w.link[:min(int(size), len(w.link))])
			return true
		})
		if refused != nil {
			return refused
		}
	}
}

// take notes a descriptor that is one of the wanted sockets, or a network namespace.
func (w *walker) take(link []byte) {
	if inode, ok := parseLink(link, "socket:["); ok {
		if _, ok := w.want[uint32(inode)]; ok && !slices.Contains(w.inodes, uint32(inode)) {
			w.inodes = append(w.inodes, uint32(inode))
		}
	} else if inode, ok := parseLink(link, "net:["); ok {
		w.spaces = append(w.spaces, inode)
	}
}

// gone drops an error that says that a process or a descriptor is no more.
func gone(err error) error {
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}

// eachEntry calls f with each name that begins with a digit of what getdents64 wrote,
// with the zero byte that ends it, until f returns false.
func eachEntry(data []byte, f func(name []byte) bool) {
	const header = 19 // inode, offset, length, type
	for len(data) > header {
		n := int(data[16]) | int(data[17])<<8
		if n <= header || n > len(data) {
			return
		}
		name := data[header:n]
		for i, c := range name {
			if c == 0 {
				name = name[:i+1]
				break
			}
		}
		data = data[n:]
		if name[0] >= '0' && name[0] <= '9' && !f(name) {
			return
		}
	}
}

// allProcesses lists the ids of the processes of the machine, ascending.
func allProcesses() ([]int, error) {
	fd, err := unix.Open("/proc", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var pids []int
	entries := make([]byte, 1<<15)
	for {
		n, err := unix.Getdents(fd, entries)
		if err != nil {
			return nil, err
		}
		if n <= 0 {
			slices.Sort(pids)
			return slices.Compact(pids), nil // one may be told twice while others come and go
		}
		eachEntry(entries[:n], func(name []byte) bool {
			if pid, err := strconv.Atoi(string(name[:len(name)-1])); err == nil {
				pids = append(pids, pid)
			}
			return true
		})
	}
}
