# METADATA
# scope: package
# title: No service speaks in plain text to other hosts
# description: Telnet, FTP, and mail or directories without TLS hand passwords and contents to everyone on the way.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: high
#   subject: port.listener
#   gdpr: ["32(1)(a)"]
#   params: [port.cleartext_ports]
#   remediation: "Use the protocol that is encrypted (SSH, SFTP, LDAPS, IMAPS, NFS over TLS), make STARTTLS mandatory, or bind the service to loopback."
package gdpr.port.cleartext_absent

not_applicable contains "bound to loopback only" if input.subject.scope == "loopback"

not_applicable contains "not a protocol of plain text" if {
	not plain
	recognised
}

unknown contains "what it speaks was not recognised" if {
	input.subject.scope != "loopback"
	not plain
	not recognised
	input.subject.tls in {"none", "starttls_offered"}
}

deny contains {
	"msg": sprintf("%s speaks %s beyond the host, and TLS is not mandatory (%s)", [input.subject.id, protocol, input.subject.tls]),
	"expected": "TLS, or mandatory STARTTLS",
	"actual": input.subject.tls,
} if {
	input.subject.scope != "loopback"
	plain
	input.subject.tls in {"none", "starttls_offered"}
}

# Its number alone says what a port is meant for, not what it speaks.
recognised if input.subject.wire.confidence in {"process_name", "banner", "handshake"}

plain if input.subject.port in data.params.port.cleartext_ports

plain if {
	input.subject.wire.name in {
		"chargen", "daytime", "discard", "echo", "finger", "ftp", "imap", "ldap", "nfs", "pop3", "rexec", "rlogin", "rpcbind", "rsh", "rsync",
		"syslog", "telnet", "tftp", "vnc",
	}
}

protocol := input.subject.wire.name if input.subject.wire.name != ""

protocol := "a protocol of plain text, by its port," if input.subject.wire.name == ""
