//go:build !linux

package socket

import (
	"context"
	"errors"
)

// List lists the sockets of the machine it runs on, which must run Linux.
func List(context.Context) (*Table, error) {
	return nil, errors.New("list sockets: they are read on Linux only")
}

// Groups are the control groups of the machine.
type Groups struct{}

// ControlGroups returns what reads them.
func ControlGroups() func() (*Groups, error) {
	return func() (*Groups, error) { return nil, errors.New("they are read on Linux only") }
}

// Path is the path of a group.
func (*Groups) Path(uint64) (string, error) { return "", errors.New("they are read on Linux only") }
