# What the operator of the cluster allows: a copy of the block in the agent's file.
plugin "containerd-driver" {
  config {
    containerd_runtime = "io.containerd.runc.v2"
    allow_privileged   = false
    seccomp            = true

    volumes {
      allowed_paths = ["/srv"]
    }
  }
}
