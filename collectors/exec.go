package collectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Exec runs programs of a fixed list and nothing else. The zero value runs none.
//
// A program is an absolute path, a regular file of root's that nobody else can
// write, in folders for which the same holds. It gets the arguments as they are, no
// shell, an environment of LC_ALL=C alone, and is bounded in time and output.
type Exec struct {
	allowed bool
	apart   bool // those that run apart, and no others: the host is a saved file tree
}

// Command is one call of a program.
type Command struct {
	// Program is a name of the list, such as "nft".
	Program string
	Args    []string
	Stdin   []byte
	// File, where it is not nil, is what the program reads as /dev/fd/3.
	File []byte
	// Apart runs it in a user and a network namespace of its own, which end with it:
	// what it changes there is seen by nobody.
	Apart bool
	// Time bounds the call; 0 is 10 seconds. Output bounds what it may print in
	// bytes; 0 is 64 MiB.
	Time   time.Duration
	Output int
}

// ErrNoProgram says that a program is not installed, or may not be run.
var ErrNoProgram = errors.New("program not available")

// programs is all that is ever run, and where distributions keep it.
func programs(name string) []string {
	switch name {
	case "iptables-save", "ip6tables-save", "iptables-legacy-save", "ip6tables-legacy-save", "iptables-nft-save", "ip6tables-nft-save", "nft", "ipset":
		return []string{"/usr/sbin/" + name, "/sbin/" + name, "/usr/bin/" + name}
	}
	return nil
}

// Find returns the path of a program of the list; the error says why it is not run.
func (e Exec) Find(name string) (string, error) {
	if !e.allowed {
		return "", fmt.Errorf("%w: %s: the host is a saved file tree", ErrNoProgram, name)
	}
	var why error
	for _, p := range programs(name) {
		real, err := filepath.EvalSymlinks(p)
		if err == nil {
			err = trusted(real)
		}
		if err == nil {
			return p, nil // its own name: some programs are many
		}
		if why == nil || !errors.Is(err, os.ErrNotExist) {
			why = unwrapPath(err)
		}
	}
	if why == nil {
		why = errors.New("not one that is ever run")
	}
	return "", fmt.Errorf("%w: %s: %w", ErrNoProgram, name, why)
}

// trusted refuses a file that another than root could have written or put there.
func trusted(name string) error {
	for p := name; ; p = filepath.Dir(p) {
		info, err := os.Lstat(p)
		if err != nil {
			return err
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || stat.Uid != 0 || info.Mode().Perm()&0o022 != 0 && info.Mode()&os.ModeSticky == 0 {
			return fmt.Errorf("%s is not root's alone", p)
		}
		if p == name && !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file", p)
		}
		if p == "/" {
			return nil
		}
	}
}

// Run runs a command and returns what it printed. It runs in the namespaces of the
// calling thread. An error holds the program and its status, and no output of the
// program: that may repeat what it read.
func (e Exec) Run(ctx context.Context, c Command) (stdout []byte, err error) {
	e.allowed = e.allowed || e.apart && c.Apart
	program, err := e.Find(c.Program)
	if err != nil {
		return nil, err
	}
	if c.Time == 0 {
		c.Time = 10 * time.Second
	}
	if c.Output == 0 {
		c.Output = 64 << 20
	}
	ctx, cancel := context.WithTimeout(ctx, c.Time)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, c.Args...)
	cmd.Env = []string{"LC_ALL=C"}
	cmd.Dir = "/"
	cmd.Stdin = bytes.NewReader(c.Stdin)
	out := &bounded{limit: c.Output}
	cmd.Stdout, cmd.Stderr = out, io.Discard
	cmd.WaitDelay = time.Second
	if c.File != nil {
		f, err := inMemory(c.File)
		if err != nil {
			return nil, fmt.Errorf("run %s: %w", c.Program, err)
		}
		defer f.Close()
		cmd.ExtraFiles = []*os.File{f}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: 0}
	if c.Apart {
		cmd.SysProcAttr.Cloneflags = unix.CLONE_NEWUSER | unix.CLONE_NEWNET
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	// The whole group goes, not only the program that was called.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	err = cmd.Run()
	switch {
	case out.over:
		return nil, fmt.Errorf("run %s: it printed more than %d MiB", c.Program, c.Output>>20)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("run %s: no end after %s", c.Program, c.Time)
	case err != nil:
		return slices.Clip(out.Bytes()), fmt.Errorf("run %s: %w", c.Program, err)
	}
	return out.Bytes(), nil
}

// inMemory returns a file without a name that holds data.
func inMemory(data []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate("input", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "input")
	if _, err := f.WriteAt(data, 0); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// bounded is a buffer that takes so much and no more.
type bounded struct {
	bytes.Buffer
	limit int
	over  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.limit {
		b.over = true
		return 0, errors.New("too much output")
	}
	return b.Buffer.Write(p)
}
