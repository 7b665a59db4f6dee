service "a" {
  targets = ["host/a"]
  ownr    = "team"
  port "22/tcp" {
    expsure = "internal"
    process { exe = "/usr/sbin/sshd" }
  }
  log = "x"
}
