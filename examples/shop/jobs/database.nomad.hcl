job "database" {
  group "db" {
    task "postgres" {
      driver = "containerd-driver"
      user   = "999:999"

      config {
        image             = "postgres:17"
        host_network      = true
        no_new_privileges = true
        seccomp           = true
        cap_drop          = ["all"]
        shm_size          = "256m"
        pids_limit        = 200

        mount {
          type     = "bind"
          source   = "/srv/postgres"
          target   = "/var/lib/postgresql/data"
        }
      }

      env {
        POSTGRES_DB       = "shop"
        POSTGRES_PASSWORD = "do-not-do-this-at-home"
      }

      resources {
        cpu    = 500
        memory = 512
      }
    }
  }
}
