package wire

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// server speaks to one client.
type server func(net.Conn)

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// serve opens a port of loopback that a server speaks on.
func serve(t testing.TB, s server) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(20 * time.Second))
				s(c)
			}()
		}
	}()
	return netip.MustParseAddrPort(l.Addr().String())
}

// greets sends a text, then answers each line by the first rule whose word it begins with.
func greets(text string, rules ...string) server {
	return func(c net.Conn) {
		io.WriteString(c, text)
		lines(c, rules...)
	}
}

func lines(c net.Conn, rules ...string) {
	buffer := make([]byte, 4096)
	for {
		n, err := c.Read(buffer)
		if err != nil {
			return
		}
		said, answered := strings.ToUpper(string(buffer[:n])), false
		for i := 0; i+1 < len(rules) && !answered; i += 2 {
			if strings.HasPrefix(said, rules[i]) {
				io.WriteString(c, rules[i+1])
				answered = true
			}
		}
		if !answered {
			return
		}
	}
}

// answers gives an answer to a first message that begins with some bytes, and closes on
// any other.
func answers(begin string, answer func(said []byte) []byte, then ...server) server {
	return func(c net.Conn) {
		buffer := make([]byte, 4096)
		n, err := c.Read(buffer)
		if err != nil || !strings.HasPrefix(string(buffer[:n]), begin) {
			return
		}
		c.Write(answer(buffer[:n]))
		for _, s := range then {
			s(c)
		}
		io.Copy(io.Discard, c)
	}
}

func text(s string) func([]byte) []byte { return func([]byte) []byte { return []byte(s) } }

func certificate() tls.Certificate {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, _ := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// inTLS speaks inside TLS.
func inTLS(s server, change func(*tls.Config)) server {
	config := &tls.Config{Certificates: []tls.Certificate{certificate()}}
	if change != nil {
		change(config)
	}
	return func(c net.Conn) {
		inner := tls.Server(c, config)
		if inner.Handshake() == nil {
			s(inner)
		}
		inner.Close()
	}
}

func mysqlGreeting(version string, flags byte) string {
	p := "\x0a" + version + "\x00" + "\x01\x00\x00\x00" + "abcdefgh" + "\x00" + "\x00" + string(flags) + "\x21\x02\x00\x00\x00\x15" + strings.Repeat("\x00", 10) + "ijklmnopqrst\x00mysql_native_password\x00"
	return string([]byte{byte(len(p)), 0, 0, 0}) + p
}

func web(headers, body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s", headers, len(body), body)
}

func pgError() string {
	fields := "SFATAL\x00VFATAL\x00C0A000\x00Munsupported frontend protocol\x00\x00"
	return "E" + string(binary.BigEndian.AppendUint32(nil, uint32(len(fields)+4))) + fields
}

func postgresServer(letter string) server {
	return func(c net.Conn) {
		buffer := make([]byte, 100)
		n, _ := c.Read(buffer)
		if n != 8 || string(buffer[:8]) != "\x00\x00\x00\x08\x04\xd2\x16\x2f" {
			return // as the real one closes on what is no startup packet
		}
		io.WriteString(c, letter)
		inner := c
		if letter == "S" {
			secure := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{certificate()}})
			if secure.Handshake() != nil {
				return
			}
			inner = secure
		}
		if n, _ := inner.Read(buffer); n > 7 && buffer[5] != 3 {
			io.WriteString(inner, pgError())
		}
	}
}

func mongoReply(said []byte) []byte {
	if binary.LittleEndian.Uint32(said[12:]) != 2004 {
		return nil
	}
	doc := append(binary.LittleEndian.AppendUint32(nil, 14), "\x08ismaster\x00\x01\x00"...)[:14]
	head := binary.LittleEndian.AppendUint32(nil, uint32(36+len(doc)))
	head = append(head, 9, 0, 0, 0)
	head = append(head, said[4:8]...)
	head = append(head, 1, 0, 0, 0)
	return append(append(head, make([]byte, 20)...), doc...)
}

func cassandraServer(ready byte) server {
	return answers("\x04\x00\x00\x00\x05", text("\x84\x00\x00\x00\x06\x00\x00\x00\x02\x00\x00"), func(c net.Conn) {
		buffer := make([]byte, 100)
		c.Read(buffer)
		c.Write([]byte{0x84, 0, 0, 1, ready, 0, 0, 0, 0})
	})
}

func tds(encryption byte) func([]byte) []byte {
	return func([]byte) []byte {
		options := []byte{0x00, 0, 11, 0, 6, 0x01, 0, 17, 0, 1, 0xff, 15, 0, 0x10, 0x72, 0, 0, encryption}
		return append([]byte{0x04, 0x01, 0, byte(8 + len(options)), 0, 0, 1, 0}, options...)
	}
}

func amqpStart() string {
	arguments := "\x00\x09" + "\x00\x00\x00\x29" + "\x07productS\x00\x00\x00\x08RabbitMQ" + "\x07versionS\x00\x00\x00\x063.12.1" + "\x00\x00\x00\x0ePLAIN AMQPLAIN" + "\x00\x00\x00\x05en_US"
	body := "\x00\x0a\x00\x0a" + arguments
	return "\x01\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + body + "\xce"
}

func ldapAnswer(extension string, code byte) string {
	entry := tlv(0x30, tlv(0x02, []byte{1}), tlv(0x64, tlv(0x04), tlv(0x30, tlv(0x30, tlv(0x04, []byte("supportedExtension")), tlv(0x31, tlv(0x04, []byte(extension)))))))
	done := tlv(0x30, tlv(0x02, []byte{1}), tlv(0x65, tlv(0x0a, []byte{code}), tlv(0x04), tlv(0x04)))
	if code != 0 {
		return string(done)
	}
	return string(entry) + string(done)
}

func rpcReply(said []byte) []byte {
	out := append([]byte{}, said[4:8]...)
	out = append(out, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	if binary.BigEndian.Uint32(said[16:]) != 100000 {
		out[23] = 1 // program unavailable
	}
	return append(binary.BigEndian.AppendUint32(nil, 0x80000000|uint32(len(out))), out...)
}

func TestIdentify(t *testing.T) {
	ehlo := "250-x greets\r\n250-SIZE 1\r\n250-STARTTLS\r\n250 HELP\r\n"
	quiet := "250 x\r\n"
	var wg sync.WaitGroup
	for _, test := range []struct {
		name string
		s    server
		want string
	}{
		{"ssh", greets("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"), "ssh banner OpenSSH/9.2p1 none -"},
		{"ssh of another make", greets("SSH-2.0-alice@example.org\r\n"), "ssh banner / none -"},
		{"smtp", greets("220 mail.example.org ESMTP Postfix (Debian/GNU)\r\n", "EHLO", quiet, "MAIL", "250 ok\r\n", "RSET", "250 ok\r\n", "QUIT", "221 bye\r\n"), "smtp handshake Postfix/ none none"},
		{"smtp offers TLS", greets("220 mail.example.org ESMTP Exim 4.96 Mon\r\n", "EHLO", ehlo, "MAIL", "250 ok\r\n", "RSET", "250 ok\r\n", "QUIT", "221 bye\r\n"), "smtp handshake Exim/4.96 starttls_offered none"},
		{"smtp wants TLS", greets("220 mx\r\n", "EHLO", ehlo, "MAIL", "530 5.7.0 Must issue a STARTTLS command first\r\n"), "smtp handshake / starttls_required -"},
		{"smtp wants a login", greets("220 mx ESMTP\r\n", "EHLO", ehlo, "MAIL", "530 5.7.1 Authentication required\r\n"), "smtp handshake / starttls_offered password"},
		{"smtp turns away", greets("554 mx.example.org ESMTP not for you\r\n"), "smtp banner / - -"},
		{"ftp", greets("220 (vsFTPd 3.0.3)\r\n", "EHLO", "530 Please login with USER and PASS.\r\n", "FEAT", "211-Features:\r\n EPRT\r\n UTF8\r\n211 End\r\n"), "ftp handshake vsFTPd/3.0.3 none -"},
		{"ftp with TLS", greets("220 ProFTPD Server (alice) [::ffff:10.0.0.1]\r\n", "FEAT", "211-Features:\r\n AUTH TLS\r\n211 End\r\n"), "ftp handshake ProFTPD/ starttls_offered -"},
		{"imap", greets("* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n", "A CAPA", "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\na OK done\r\n"), "imap handshake Dovecot/ starttls_offered password"},
		{"imap wants TLS", greets("* OK ready\r\n", "A CAPA", "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na OK done\r\n"), "imap handshake / starttls_required password"},
		{"imap lets in", greets("* PREAUTH hello bob\r\n", "A CAPA", "* CAPABILITY IMAP4rev1\r\na OK done\r\n"), "imap handshake / none none"},
		{"pop3", greets("+OK Dovecot ready.\r\n", "CAPA", "+OK\r\nTOP\r\nUSER\r\nSTLS\r\n.\r\n"), "pop3 handshake Dovecot/ starttls_offered password"},
		{"pop3 wants TLS", greets("+OK hi\r\n", "CAPA", "+OK\r\nTOP\r\nSTLS\r\n.\r\n"), "pop3 handshake / starttls_required password"},
		{"pop3 in the clear", greets("+OK hi\r\n", "CAPA", "+OK\r\nTOP\r\nUSER\r\n.\r\n"), "pop3 handshake / none password"},
		{"telnet", greets("\xff\xfd\x18\xff\xfd\x20"), "telnet banner / none -"},
		{"vnc", greets("RFB 003.008\n", "RFB", "\x02\x01\x02"), "vnc handshake / none none"},
		{"vnc with a password", greets("RFB 003.008\n", "RFB", "\x01\x02"), "vnc handshake / none password"},
		{"vnc with TLS alone", greets("RFB 003.008\n", "RFB", "\x01\x13"), "vnc handshake / starttls_required -"},
		{"rsync", greets("@RSYNCD: 31.0 sha512 sha256\n"), "rsync banner rsync/ none -"},
		{"nats", greets("INFO {\"server_id\":\"NX\",\"version\":\"2.10.4\",\"auth_required\":true,\"tls_available\":true}\r\n"), "nats banner nats-server/2.10.4 starttls_offered password"},
		{"mysql", greets(mysqlGreeting("8.0.35-0ubuntu0.22.04.1", 0x08)), "mysql handshake MySQL/8.0.35 starttls_offered password"},
		{"mariadb", greets(mysqlGreeting("5.5.5-10.11.6-MariaDB-0+deb12u1", 0)), "mariadb handshake MariaDB/10.11.6 none password"},
		{"mysql refuses", greets("\x2a\x00\x00\x00\xff\x6a\x04Host '10.0.0.7' is not allowed to connect "), "mysql banner / - -"},
		{"http", answers("GET / HTTP/1.1\r\n", text(web("Server: nginx/1.22.1\r\n", "hello"))), "http handshake nginx/1.22.1 none -"},
		{"http of no known make", answers("GET", text(web("Server: alices-laptop\r\n", "hello"))), "http handshake / none -"},
		{"http wants a password", answers("GET", text("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"Bob\"\r\nContent-Length: 0\r\n\r\n")), "http handshake / none password"},
		{"https", inTLS(answers("GET", text(web("Server: Apache/2.4.57 (Debian)\r\n", "x"))), nil), "http handshake Apache/2.4.57 implicit -"},
		{"https wants a certificate", inTLS(answers("GET", text(web("", "x"))), func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert }), " none / implicit certificate"},
		{"https wants a certificate, TLS 1.2", inTLS(answers("GET", text(web("", "x"))), func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 }), " none / implicit certificate"},
		{"imaps", inTLS(greets("* OK ready\r\n", "A CAPA", "* CAPABILITY IMAP4rev1\r\na OK done\r\n"), nil), "imap handshake / implicit password"},
		{"elasticsearch", answers("GET", text(web("X-elastic-product: Elasticsearch\r\n", `{"name":"node-bob","version":{"number":"8.11.1","lucene_version":"9.8.0"},"tagline":"You Know, for Search"}`))), "elasticsearch handshake Elasticsearch/8.11.1 none -"},
		{"opensearch", answers("GET", text(web("", `{"version":{"distribution":"opensearch","number":"2.11.0","lucene_version":"9.7.0"}}`))), "opensearch handshake OpenSearch/2.11.0 none -"},
		{"couchdb", answers("GET", text(web("Server: CouchDB/3.3.2 (Erlang OTP/24)\r\n", `{"couchdb":"Welcome","version":"3.3.2"}`))), "couchdb handshake CouchDB/3.3.2 none -"},
		{"clickhouse", answers("GET", text(web("X-ClickHouse-Summary: {}\r\n", "Ok.\n"))), "clickhouse handshake ClickHouse/ none -"},
		{"kubernetes", inTLS(answers("GET", text("HTTP/1.1 403 Forbidden\r\nContent-Length: 36\r\n\r\n{\"kind\":\"Status\",\"apiVersion\":\"v1\"}\n")), nil), "kubernetes_api handshake Kubernetes/ implicit token"},
		{"docker", answers("GET", text(web("Api-Version: 1.43\r\nOstype: linux\r\nServer: Docker/24.0.5 (linux)\r\n", `{"message":"page not found"}`))), "docker handshake Docker/24.0.5 none -"},
		{"postgres", postgresServer("N"), "postgres handshake / none -"},
		{"postgres with TLS", postgresServer("S"), "postgres handshake / starttls_offered -"},
		{"redis", answers("PING\r\n", text("+PONG\r\n")), "redis handshake / none none"},
		{"redis with a password", answers("PING\r\n", text("-NOAUTH Authentication required.\r\n")), "redis handshake / none password"},
		{"redis in TLS", inTLS(answers("PING\r\n", text("+PONG\r\n")), nil), "redis handshake / implicit none"},
		{"memcached", answers("version\r\n", text("VERSION 1.6.18\r\n")), "memcached handshake memcached/1.6.18 none none"},
		{"mongodb", answers("\x3a\x00", mongoReply), "mongodb handshake / none -"},
		{"cassandra", cassandraServer(0x02), "cassandra handshake / none none"},
		{"cassandra with a password", cassandraServer(0x03), "cassandra handshake / none password"},
		{"mssql", answers("\x12\x01", tds(0)), "mssql handshake / starttls_offered password"},
		{"mssql wants TLS", answers("\x12\x01", tds(3)), "mssql handshake / starttls_required password"},
		{"mssql without TLS", answers("\x12\x01", tds(2)), "mssql handshake / none password"},
		{"amqp", answers("AMQP", text(amqpStart())), "amqp handshake RabbitMQ/3.12.1 none password"},
		{"amqp 1.0", answers("AMQP", text("AMQP\x03\x01\x00\x00")), "amqp handshake / none -"},
		{"mqtt", answers("\x10", text("\x20\x02\x00\x00")), "mqtt handshake / none none"},
		{"mqtt with a password", answers("\x10", text("\x20\x02\x00\x05")), "mqtt handshake / none password"},
		{"kafka", answers("\x00\x00\x00\x0e\x00\x12", text("\x00\x00\x00\x10writ\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x09")), "kafka handshake / none -"},
		{"zookeeper", answers("srvr", text("Zookeeper version: 3.8.0-5a02a05, built on 2022-02-25\nLatency min/avg/max: 0/0/0\n")), "zookeeper handshake ZooKeeper/3.8.0 none -"},
		{"zookeeper, not told", answers("srvr", text("srvr is not executed because it is not in the whitelist.\n")), "zookeeper handshake ZooKeeper/ none -"},
		{"ldap", answers("\x30", text(ldapAnswer("1.3.6.1.4.1.1466.20037", 0))), "ldap handshake / starttls_offered -"},
		{"ldap without TLS", answers("\x30", text(ldapAnswer("1.3.6.1.4.1.4203.1.11.3", 0))), "ldap handshake / none -"},
		{"ldap wants TLS", answers("\x30", text(ldapAnswer("", 13))), "ldap handshake / starttls_required -"},
		{"rdp", answers("\x03\x00\x00\x13", text("\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x1f\x08\x00\x02\x00\x00\x00")), "rdp handshake / starttls_offered password"},
		{"rdp of old", answers("\x03\x00\x00\x13", text("\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00")), "rdp handshake / none password"},
		{"smb", answers("\x00\x00\x00", func(said []byte) []byte {
			head := make([]byte, 4+64+64)
			head[3] = 128
			copy(head[4:], said[4:68])
			head[20] |= 1
			return head
		}), "smb handshake / none password"},
		{"dns", answers("\x00\x11wr", func(said []byte) []byte { said[4] |= 0x80; return said }), "dns handshake / none none"},
		{"rpcbind", answers("\x80\x00\x00\x28", rpcReply), "rpcbind handshake / none -"},
	} {
		address := serve(t, test.s)
		wg.Go(func() {
			r := Identify(t.Context(), dial, Target{Address: address})
			if got := spell(r); got != test.want {
				t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
			}
		})
	}
	wg.Wait()
}

func spell(r Result) string {
	dash := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	return fmt.Sprintf("%s %s %s/%s %s %s", r.Name, r.Confidence, r.Product, r.Version, dash(r.TLS), dash(r.Authentication))
}

// A server that means ill costs bounded time and bytes, and is not taken for anything.
func TestHostile(t *testing.T) {
	garbage := make([]byte, 4096)
	rand.Read(garbage)
	for i := range garbage { // nothing that could be meant
		garbage[i] |= 0x88
	}
	var wg sync.WaitGroup
	for _, test := range []struct {
		name string
		s    server
		want string
	}{
		{"endless greeting", func(c net.Conn) {
			for {
				if _, err := c.Write([]byte(strings.Repeat("x", 4096))); err != nil {
					return
				}
			}
		}, " none / - -"},
		{"a byte now and then", func(c net.Conn) {
			for {
				if _, err := c.Write([]byte("y")); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}, " none / - -"},
		{"reset", func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }, " none / - -"},
		{"closed", func(net.Conn) {}, " none / - -"},
		{"silent", func(c net.Conn) { io.Copy(io.Discard, c) }, " none / - -"},
		{"echo", func(c net.Conn) { io.Copy(c, c) }, " none / - -"},
		{"garbage", func(c net.Conn) { c.Write(garbage); io.Copy(io.Discard, c) }, " none / - -"},
		{"an alert and nothing else", func(c net.Conn) {
			c.Read(make([]byte, 2048))
			c.Write([]byte{0x15, 3, 3, 0, 2, 2, 40})
		}, " none / implicit -"},
		{"endless HTTP header", func(c net.Conn) {
			c.Read(make([]byte, 2048))
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for {
				if _, err := io.WriteString(c, "X-A: b\r\n"); err != nil {
					return
				}
			}
		}, " none / - -"},
		{"a greeting without an end", greets("220 x"), " none / - -"},
	} {
		address := serve(t, test.s)
		wg.Go(func() {
			began := time.Now()
			r := Identify(t.Context(), dial, Target{Address: address})
			if got := spell(r); got != test.want {
				t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
			}
			if took := time.Since(began); took > 3*whole {
				t.Errorf("%s: took %s", test.name, took)
			}
		})
	}
	wg.Wait()
}

// What the process and the port say stands behind what is spoken, and where they
// contradict each other that is said.
func TestSettle(t *testing.T) {
	at := func(port uint16) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port) }
	for _, test := range []struct {
		t    Target
		r    Result
		want string
	}{
		{Target{Address: at(5432)}, Result{}, "postgres port_table "},
		{Target{Address: at(5432), Process: "/usr/sbin/sshd"}, Result{}, "ssh process_name "},
		{Target{Address: at(143), Process: "/usr/sbin/dovecot"}, Result{}, "imap process_name "},
		{Target{Address: at(9999)}, Result{}, " none "},
		{Target{Address: at(5432), Process: "/usr/lib/postgresql/17/bin/postgres"}, Result{Name: "http", Confidence: Handshake}, "http handshake postgres"},
		{Target{Address: at(5432), Process: "/usr/lib/postgresql/17/bin/postgres (deleted)"}, Result{Name: "postgres", Confidence: Handshake}, "postgres handshake "},
		{Target{Address: at(80), Process: "/usr/sbin/nginx"}, Result{Name: "smtp", Confidence: Handshake}, "smtp handshake "},
		{Target{Address: at(3306), Process: "/usr/sbin/mysqld"}, Result{Name: "mariadb", Confidence: Handshake}, "mariadb handshake "},
		{Target{Address: at(53), UDP: true}, Result{}, "dns port_table "},
	} {
		r := test.r.settle(test.t)
		if got := r.Name + " " + r.Confidence + " " + r.Conflict; got != test.want {
			t.Errorf("%v: got %q, want %q", test.t, got, test.want)
		}
	}
	// Before anyone is asked, process and port say which question comes first.
	r := Identify(t.Context(), dial, Target{Address: serve(t, answers("PING", text("+PONG\r\n"))), Process: "/usr/bin/redis-server"})
	if got := spell(r); got != "redis handshake / none none" {
		t.Error(got)
	}
	r = Identify(t.Context(), dial, Target{Address: serve(t, answers("PING", text("+PONG\r\n"))), Process: "/usr/sbin/sshd"})
	if r.Name != "redis" || r.Conflict != "ssh" {
		t.Errorf("%+v", r)
	}
}

func TestDatagrams(t *testing.T) {
	for name, answer := range map[string]func([]byte) []byte{
		"dns": func(b []byte) []byte {
			if len(b) != 17 {
				return nil
			}
			b[2] |= 0x80
			return b
		},
		"ntp": func(b []byte) []byte {
			if len(b) != 48 || b[0] != 0x23 {
				return nil
			}
			out := make([]byte, 48)
			out[0] = 0x24
			copy(out[24:], b[40:])
			return out
		},
		"snmp": func(b []byte) []byte {
			if b[0] != 0x30 || b[4] != 3 {
				return nil
			}
			b[len(b)-13] = 0xa8
			return b
		},
		"memcached": func(b []byte) []byte {
			if !strings.HasSuffix(string(b), "version\r\n") {
				return nil
			}
			return append(b[:8:8], "VERSION 1.6.18\r\n"...)
		},
		"quic": func(b []byte) []byte {
			if len(b) != 1200 {
				return nil
			}
			return []byte("\xc0\x00\x00\x00\x00\x08tirwtirw\x08writwrit\x00\x00\x00\x01")
		},
		"": func(b []byte) []byte { return b }, // an echo
	} {
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		go func() {
			buffer := make([]byte, 2048)
			for {
				n, from, err := conn.ReadFrom(buffer)
				if err != nil {
					return
				}
				if out := answer(buffer[:n]); out != nil {
					conn.WriteTo(out, from)
				}
			}
		}()
		r := Identify(t.Context(), dial, Target{Address: netip.MustParseAddrPort(conn.LocalAddr().String()), UDP: true})
		if r.Name != name {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// No text of an answer is kept but names of a closed list and digits.
func TestNothingPersonal(t *testing.T) {
	for _, s := range []string{"nginx/alice", "nginx (bob@example.org)", "OpenSSH_for_carol", "Apache/10.0.0.1-dave"} {
		name, number := product(s, "nginx", "OpenSSH", "Apache")
		if strings.ContainsAny(number, "abcdefghijklmnopqrstuvwxyz@") || name == "" {
			t.Errorf("%s: %s %s", s, name, number)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	x := &exam{target: Target{Address: netip.MustParseAddrPort("127.0.0.1:1")}}
	for _, s := range []string{"SSH-2.0-x\r\n", "220 x\r\n", "HTTP/1.1 200 OK\r\n\r\n{}", mysqlGreeting("8.0.1", 8), amqpStart(), pgError(), ldapAnswer("x", 0), "INFO {}\r\n", "RFB 003.008\n\x01\x02"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, theirs := net.Pipe()
		theirs.Close()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		x.greeted(ctx, &talk{Conn: ours}, data)
		for _, q := range x.questions() {
			q.done(data)
			q.read(ctx, &talk{Conn: ours}, data)
		}
		for _, p := range probes() {
			p.read(data)
		}
		reply(data)
	})
}
