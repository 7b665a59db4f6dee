package ports

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/writ-policy/writ/collectors/source/listing"
	"github.com/writ-policy/writ/collectors/source/report"
	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/engine/fact"
)

func importFiles(t testing.TB, files map[string]string) ([]*fact.Document, []fact.Diagnostic) {
	t.Helper()
	env := sourcetest.Env(files)
	docs := imported(env)
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Errorf("%s of %s: %s", d.Kind, d.Target.ID, p)
		}
	}
	return docs, env.Diagnostics()
}

func archived(a *txtar.Archive) map[string]string {
	files := map[string]string{}
	for _, f := range a.Files {
		if f.Name != "want.txt" {
			files[f.Name] = string(f.Data)
		}
	}
	return files
}

func TestImport(t *testing.T) {
	sourcetest.Run(t, "testdata/import/*.txtar", *update, func(t *testing.T, a *txtar.Archive) []*fact.Document {
		docs, diagnostics := importFiles(t, archived(a))
		for _, d := range diagnostics {
			if !strings.Contains(string(a.Comment), "cut off") {
				t.Errorf("%s: %s: %s", d.Pos.String(), d.Summary, d.Detail)
			}
		}
		return docs
	})
}

// A file that ends before its time is never taken for a whole one: what is missing is
// said, or nothing is said at all.
func TestImportCut(t *testing.T) {
	for name, text := range map[string]string{
		"scan.xml":         nmapReport,
		"masscan.json":     "[\n" + masscanRecord + ",\n" + masscanRecord + "\n]\n",
		"web.inspect.json": inspection,
	} {
		whole, _ := importFiles(t, map[string]string{name: text})
		if len(whole) == 0 {
			t.Errorf("%s: nothing was read", name)
		}
		for cut := len(text) - 2; cut > 0; cut -= 7 {
			docs, diagnostics := importFiles(t, map[string]string{name: text[:cut]})
			if strings.TrimSpace(text[cut:]) == "" {
				continue
			}
			for _, d := range docs {
				if d.Complete {
					t.Errorf("%s, %d bytes: %s of %s is complete", name, cut, d.Kind, d.Target.ID)
				}
			}
			if len(docs) > 0 && len(diagnostics) == 0 {
				t.Errorf("%s, %d bytes: nothing is said", name, cut)
			}
		}
	}
}

const masscanRecord = `{   "ip": "10.0.0.5",   "timestamp": "1763776800", "ports": [ {"port": 80, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 64} ] }`

const nmapReport = `<?xml version="1.0"?>
<nmaprun scanner="nmap" args="" start="1763776800" version="7.93" xmloutputversion="1.05">
<scaninfo type="connect" protocol="tcp" numservices="4" services="22,80-82"/>
<host starttime="1763776800" endtime="1763776801"><status state="up" reason="user-set"/>
<address addr="10.0.0.5" addrtype="ipv4"/>
<ports><extraports state="closed" count="2"><extrareasons reason="conn-refused" count="2" proto="tcp" ports="81-82"/></extraports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="0"/></port>
<port protocol="tcp" portid="80"><state state="filtered" reason="no-response" reason_ttl="0"/></port>
</ports></host>
<runstats><finished time="1763776801" exit="success"/></runstats>
</nmaprun>
`

const inspection = `[
  {
    "Id": "0000000000000000000000000000000000000000000000000000000000000001",
    "Created": "2026-01-01T00:00:00Z",
    "Path": "x",
    "Name": "/web", "State": {"Running": true}, "Config": {"Image": "nginx:1"}, "HostConfig": {"NetworkMode": "bridge"},
    "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}}
  }
]
`

// Any of them, and what is none, is read without harm, and what it says is valid.
func FuzzImport(f *testing.F) {
	for _, s := range []string{nmapReport, "[" + masscanRecord + "]", inspection, "LISTEN 0 128 *:22 *:*\n",
		`{"host":"example.org","ip":"192.0.2.4","port":443,"protocol":"tcp","tls":true}`, `[{"pid":"1","port":"22","protocol":"6","family":"2","address":"0.0.0.0"}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []report.Format{report.NmapXML, report.Masscan, report.Naabu} {
			report.Read(format, bytes.NewReader(data), func(report.Host) {})
		}
		for _, format := range []listing.Format{listing.SS, listing.OSQuery} {
			listing.Read(format, data)
		}
		importFiles(t, map[string]string{"a.json": string(data), "b.xml": string(data), "c.txt": string(data)})
	})
}
