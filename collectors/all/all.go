// Package all is the explicit list of collectors and derivers.
package all

import (
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/logs"
)

// Collectors lists every collector, in the order they run.
func Collectors() []collectors.Collector {
	return []collectors.Collector{
		logs.Collector{},
	}
}

// Derivers lists every deriver; one whose needs another yields comes after it.
func Derivers() []collectors.Deriver {
	return nil
}
