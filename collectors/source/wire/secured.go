package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"time"
)

// secured is what a TLS handshake told.
type secured struct {
	// spoken says that the port speaks TLS, even where it refused this client.
	spoken bool
	// asked says that it asked for a certificate; refused that it went no further.
	asked, refused bool
	protocol       string // ALPN
}

// handshake makes a TLS connection of one. No certificate is checked: what is asked is
// what is spoken, and nothing that matters is sent.
func (t *talk) handshake(ctx context.Context, name string, alpn []string) (*talk, *secured) {
	s := &secured{}
	client := tls.Client(t.Conn, &tls.Config{
		InsecureSkipVerify: true, //nolint:gosec // the certificate is judged elsewhere
		MinVersion:         tls.VersionTLS10,
		ServerName:         name,
		NextProtos:         alpn,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			s.asked = true
			return &tls.Certificate{}, nil
		},
	})
	ctx, cancel := context.WithTimeout(ctx, 2*answer)
	defer cancel()
	if err := client.HandshakeContext(ctx); err != nil {
		// An alert is spoken by TLS only; the local ones say that it is something else.
		var remote *net.OpError
		s.spoken = errors.As(err, &remote) && remote.Op == "remote error" || s.asked ||
			strings.HasPrefix(err.Error(), "tls: server selected unsupported protocol version")
		s.refused = s.spoken
		return nil, s
	}
	s.spoken, s.protocol = true, client.ConnectionState().NegotiatedProtocol
	return &talk{Conn: client, tls: s}, s
}

// secure opens connections with TLS from the first byte.
func (x *exam) secure(alpn []string) opener {
	return func(ctx context.Context) (*talk, error) {
		t, err := x.plain(ctx)
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, func() { t.Conn.SetDeadline(time.Unix(1, 0)) })
		defer stop()
		inner, s := t.handshake(ctx, x.target.Name, alpn)
		if inner == nil {
			t.Close()
			return nil, errRefused{s}
		}
		if s.asked {
			x.asked.Store(true)
		}
		return inner, nil
	}
}

// errRefused is a handshake that failed.
type errRefused struct{ *secured }

func (errRefused) Error() string { return "no TLS connection" }

// alpn is what a client of the port would offer.
func alpn(port uint16) []string {
	switch port {
	case 853:
		return []string{"dot"}
	case 21, 990:
		return []string{"ftp"}
	case 5432:
		return []string{"postgresql"}
	}
	return []string{"http/1.1"}
}
