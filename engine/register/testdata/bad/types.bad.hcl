service "a" {
  targets     = "host/a"
  owner       = 1
  data        = "user.name"
  environment = ["production"]
  purpose     = null
  port "22/tcp" {
    required = "yes"
    process  = "/usr/sbin/sshd"
    exposure = true
    sources  = [1]
  }
  port "23/tcp" {
    process = { exec = "/usr/sbin/telnetd", exe = 1 }
  }
}
