package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
)

func brokers() []question {
	return []question{
		{"amqp", []byte("AMQP\x00\x00\x09\x01"), amqpWhole, amqp},
		{"mqtt", []byte("\x10\x0c\x00\x04MQTT\x04\x02\x00\x05\x00\x00"), atLeast(4), mqtt},
		{"kafka", []byte("\x00\x00\x00\x0e\x00\x12\x00\x00writ\x00\x04writ"), atLeast(14), kafka},
		{"zookeeper", []byte("srvr"), zookeeperWhole, zookeeper},
	}
}

func amqpWhole(b []byte) verdict {
	if len(b) >= 8 && (b[0] != 1 || len(b) >= 8+int(binary.BigEndian.Uint32(b[3:]))) {
		return yes
	}
	return more
}

// amqp reads connection.start of AMQP 0-9-1, or the header of the version that the
// server speaks instead.
func amqp(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "amqp", Confidence: Handshake, TLS: "none"}
	if len(got) >= 8 && bytes.HasPrefix(got, []byte("AMQP")) && !bytes.HasPrefix(got, []byte("AMQP\x00\x00\x09\x01")) {
		return r, true
	}
	if len(got) < 14 || got[0] != 1 || got[1] != 0 || got[2] != 0 || binary.BigEndian.Uint32(got[7:]) != 10<<16|10 {
		return r, false
	}
	if name, _ := product(string(got), "RabbitMQ"); name != "" {
		r.Product = name
		if _, after, ok := bytes.Cut(got, []byte("\x07versionS")); ok && len(after) > 4 {
			r.Version = version.FindString(string(after[4:min(len(after), 32)]))
		}
	}
	switch {
	case bytes.Contains(got, []byte("ANONYMOUS")):
		r.Authentication = "none"
	case bytes.Contains(got, []byte("PLAIN")):
		r.Authentication = "password"
	case bytes.Contains(got, []byte("EXTERNAL")):
		r.Authentication = "certificate"
	}
	return r, true
}

// mqtt reads CONNACK (MQTT 3.1.1, 3.2): to a client without a name or a password.
func mqtt(_ context.Context, t *talk, got []byte) (Result, bool) {
	r := Result{Name: "mqtt", Confidence: Handshake, TLS: "none"}
	if len(got) < 4 || got[0] != 0x20 || got[1] != 0x02 || got[2] > 1 || got[3] > 5 {
		return r, false
	}
	switch got[3] {
	case 0:
		r.Authentication = "none"
		t.Write([]byte{0xe0, 0})
	case 4, 5:
		r.Authentication = "password"
	}
	return r, true
}

// kafka reads ApiVersionsResponse: the correlation of the request, no error, and a
// list of pairs.
func kafka(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "kafka", Confidence: Handshake, TLS: "none"}
	if len(got) < 10 || !bytes.Equal(got[4:8], []byte("writ")) || binary.BigEndian.Uint32(got) > 1<<16 {
		return r, false
	}
	code := binary.BigEndian.Uint16(got[8:])
	return r, code == 0 && len(got) >= 14 && binary.BigEndian.Uint32(got[10:]) < 1000 || code == 35
}

func zookeeperWhole(b []byte) verdict {
	if bytes.Contains(b, []byte("\n")) && len(b) > 40 {
		return yes
	}
	return more
}

func zookeeper(_ context.Context, _ *talk, got []byte) (Result, bool) {
	r := Result{Name: "zookeeper", Confidence: Handshake, TLS: "none", Product: "ZooKeeper"}
	switch text := string(got); {
	case strings.HasPrefix(text, "Zookeeper version: "):
		r.Version = version.FindString(strings.TrimPrefix(text, "Zookeeper version: "))
	case strings.HasPrefix(text, "srvr is not executed because"), strings.HasPrefix(text, "This ZooKeeper instance is not currently serving"):
	default:
		return r, false
	}
	return r, true
}
