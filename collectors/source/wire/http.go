package wire

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
)

// http asks for the root; what answers is told apart by headers and by the members of
// a JSON answer, as the products document them.
func (x *exam) http() question {
	host := x.target.Name
	if host == "" {
		host = netip.AddrPortFrom(x.target.Address.Addr().WithZone(""), x.target.Address.Port()).String()
	}
	hello := get("/", host)
	return question{name: "http", hello: []byte(hello), done: wholeHTTP, read: func(ctx context.Context, t *talk, got []byte) (Result, bool) {
		r, ok := x.web(got)
		if !ok || r.Name != "http" {
			return r, ok
		}
		return x.version(ctx, t, host, r), true
	}}
}

func get(path, host string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: writ\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n"
}

func wholeHTTP(b []byte) verdict {
	if !bytes.HasPrefix(b, []byte("HTTP/")) {
		if len(b) >= 5 {
			return no
		}
		return more
	}
	if _, _, ok := parseHTTP(b, true); ok {
		return yes
	}
	return more
}

// parseHTTP reads a response and what is there of its body; whole wants all of it.
func parseHTTP(b []byte, whole bool) (*http.Response, []byte, bool) {
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(b)), nil)
	if err != nil {
		return nil, nil, false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	if whole && (err != nil || response.ContentLength < 0 && len(response.TransferEncoding) == 0 && !bytes.Contains(body, []byte("\n"))) {
		return nil, nil, false
	}
	return response, body, true
}

// web recognises what speaks HTTP.
func (x *exam) web(got []byte) (Result, bool) {
	response, body, ok := parseHTTP(got, false)
	if !ok {
		return Result{}, false
	}
	r := Result{Name: "http", Confidence: Handshake, TLS: "none"}
	r.Authentication = authentication(response)
	server := response.Header.Get("Server")
	r.Product, r.Version = product(server, "nginx", "Apache", "lighttpd", "Caddy", "Microsoft-IIS", "Microsoft-HTTPAPI", "openresty", "envoy", "gunicorn",
		"uvicorn", "Werkzeug", "SimpleHTTP", "Jetty", "Kestrel", "cloudflare", "AmazonS3", "MinIO", "Docker", "CouchDB", "InfluxDB", "traefik", "HAProxy", "Tomcat", "Cowboy", "Puma", "WEBrick")
	var says struct {
		Tagline   string          `json:"tagline"`
		Version   json.RawMessage `json:"version"`
		CouchDB   string          `json:"couchdb"`
		Kind      string          `json:"kind"`
		API       string          `json:"apiVersion"`
		Paths     []string        `json:"paths"`
		ClusterID string          `json:"cluster_uuid"`
	}
	json.Unmarshal(body, &says)
	var number struct {
		Number       string `json:"number"`
		Distribution string `json:"distribution"`
		Lucene       string `json:"lucene_version"`
	}
	json.Unmarshal(says.Version, &number)
	switch {
	case number.Distribution == "opensearch":
		r.Name, r.Product, r.Version = "opensearch", "OpenSearch", version.FindString(number.Number)
	case number.Lucene != "", strings.EqualFold(response.Header.Get("X-Elastic-Product"), "Elasticsearch"):
		r.Name, r.Product, r.Version = "elasticsearch", "Elasticsearch", version.FindString(number.Number)
	case says.CouchDB != "", r.Product == "CouchDB":
		var text string
		json.Unmarshal(says.Version, &text)
		r.Name, r.Product = "couchdb", "CouchDB"
		if v := version.FindString(text); v != "" {
			r.Version = v
		}
		r.Authentication = "" // the root is told to everyone
	case response.Header.Get("X-ClickHouse-Summary") != "", response.Header.Get("X-ClickHouse-Exception-Code") != "", bytes.Contains(body, []byte("clickhouse-client program")):
		r.Name, r.Product, r.Authentication = "clickhouse", "ClickHouse", "" // so is its "Ok."
	case response.Header.Get("X-Influxdb-Version") != "":
		r.Product, r.Version = "InfluxDB", version.FindString(strings.TrimPrefix(response.Header.Get("X-Influxdb-Version"), "v"))
	case r.Product == "Docker", response.Header.Get("Api-Version") != "" && response.Header.Get("Ostype") != "":
		r.Name = "docker"
	case says.Kind == "Status" && says.API == "v1", len(says.Paths) > 0 && strings.HasPrefix(says.Paths[0], "/.well-known") || len(says.Paths) > 0 && says.Paths[0] == "/api":
		r.Name, r.Product = "kubernetes_api", "Kubernetes"
		if response.StatusCode == http.StatusForbidden || response.StatusCode == http.StatusUnauthorized {
			r.Authentication = "token"
		}
	}
	return r, true
}

// authentication is what a server asks for, as far as the root says. A page that it
// serves to everyone may be one to log in at, which is not known.
func authentication(response *http.Response) string {
	if response.StatusCode != http.StatusUnauthorized {
		return ""
	}
	scheme, _, _ := strings.Cut(response.Header.Get("WWW-Authenticate"), " ")
	switch strings.ToLower(scheme) {
	case "basic", "digest", "scram-sha-256":
		return "password"
	case "bearer":
		return "token"
	}
	return "other"
}

// version asks what the root does not tell where the port or the process makes it
// likely: etcd, Docker and the Kubernetes API say at /version what they are, and the
// kubelet is known by its port or process only.
func (x *exam) version(ctx context.Context, t *talk, host string, r Result) Result {
	port := x.target.Address.Port()
	named := append(ofProcess(x.target.Process), ofPort(port, false))
	wanted := func(name string) bool {
		for _, n := range named {
			if n == name {
				return true
			}
		}
		return false
	}
	if wanted("kubelet") && r.Product == "" {
		r.Name, r.Product, r.Confidence = "kubelet", "", PortTable
		if len(ofProcess(x.target.Process)) > 0 {
			r.Confidence = ProcessName
		}
		return r
	}
	if !wanted("etcd") && !wanted("docker") && !wanted("kubernetes_api") {
		return r
	}
	response, body, ok := parseHTTP(t.say(ctx, []byte(get("/version", host)), wholeHTTP), false)
	if !ok {
		return r
	}
	var says struct {
		Etcd    string `json:"etcdserver"`
		API     string `json:"ApiVersion"`
		Version string `json:"Version"`
		Git     string `json:"gitVersion"`
	}
	json.Unmarshal(body, &says)
	switch {
	case says.Etcd != "":
		r.Name, r.Product, r.Version = "etcd", "etcd", version.FindString(says.Etcd)
	case says.API != "", response.Header.Get("Api-Version") != "":
		r.Name, r.Product, r.Version, r.Authentication = "docker", "Docker", version.FindString(says.Version), "none"
	case strings.HasPrefix(says.Git, "v"):
		r.Name, r.Product, r.Version = "kubernetes_api", "Kubernetes", version.FindString(says.Git[1:])
	}
	return r
}
