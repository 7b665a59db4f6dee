package all

import (
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/config"
)

// Stream returns a tree of what standard input gave if a collector reads it, such as
// the manifests that helm template and kustomize build write, or the project that
// docker compose config does; nil if none does.
func Stream(data []byte) *collectors.Tree {
	if !config.IsStream(data) {
		return nil
	}
	return collectors.NewStream(data)
}
