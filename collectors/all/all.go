// Package all is the explicit list of collectors and derivers.
package all

import (
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/access"
	"github.com/writ-policy/writ/collectors/config"
	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/collectors/logs"
	"github.com/writ-policy/writ/collectors/ports"
	"github.com/writ-policy/writ/collectors/secrets"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/storage"
	"github.com/writ-policy/writ/collectors/tls"
)

// Collectors lists every collector, in the order they run.
func Collectors() []collectors.Collector {
	return []collectors.Collector{
		access.Collector{},
		config.Collector{},
		firewall.Collector{},
		logs.Collector{},
		ports.Collector{},
		secrets.Collector{},
		storage.Collector{},
		tls.Collector{},
	}
}

// Derivers lists every deriver; one that needs what another yields comes after
// it.
func Derivers() []collectors.Deriver {
	return []collectors.Deriver{
		firewall.Exposure{},
		tls.Endpoints{},
	}
}

// Parts lists what of a source can be read for itself: each root module and each
// plan. What other readers see is the rest.
func Parts(env *collectors.Env) []*collectors.Part { return terraform.Parts(env) }
