package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"oras.land/oras-go/v2/registry/remote/retry"
)

const (
	maxRedirects = 5
	patience     = 30 * time.Second // for a server's first answer
)

// newClient speaks HTTP to servers that are not trusted: answers have to begin in time,
// few redirects are followed, none from TLS to plain HTTP, and only a few failures are
// tried again.
func newClient() (client *http.Client, closeIdle func()) {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.ResponseHeaderTimeout = patience
	base.MaxResponseHeaderBytes = 1 << 20
	base.DisableCompression = true
	again := retry.NewTransport(base)
	again.Policy = func() retry.Policy {
		return &retry.GenericPolicy{
			Retryable: retry.DefaultPredicate, Backoff: retry.DefaultBackoff,
			MinWait: 100 * time.Millisecond, MaxWait: time.Second, MaxRetry: 2,
		}
	}
	return &http.Client{Transport: again, CheckRedirect: checkRedirect}, base.CloseIdleConnections
}

func checkRedirect(to *http.Request, via []*http.Request) error {
	switch {
	case len(via) >= maxRedirects:
		return fmt.Errorf("more than %d redirects", maxRedirects)
	case to.URL.Scheme != "https" && !sameServer(to.URL, via[0].URL):
		return fmt.Errorf("the server points to %s without TLS", to.URL.Host)
	}
	return nil
}

// sameServer says whether two addresses are of one server, spoken to in one way.
func sameServer(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// isLoopback says whether a host is this machine, by its name alone.
func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// plainly takes the address and the method out of an error of net/http.
func plainly(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}
