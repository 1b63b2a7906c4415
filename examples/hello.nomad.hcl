# The smallest job that shows what a task sees: its output, its environment, its directories.
job "hello" {
  datacenters = ["dc1"]
  type        = "batch"

  group "hello" {
    task "hello" {
      driver = "containerd-driver"

      config {
        image   = "docker.io/library/busybox:1.36"
        command = "sh"
        args    = ["-c", "echo \"hello from $${NOMAD_TASK_NAME}\"; echo \"a word on stderr\" >&2; ls -d \"$NOMAD_ALLOC_DIR\" \"$NOMAD_TASK_DIR\" \"$NOMAD_SECRETS_DIR\""]
      }

      env {
        GREETING = "hello"
      }

      resources {
        cpu    = 200
        memory = 64
      }
    }
  }
}
