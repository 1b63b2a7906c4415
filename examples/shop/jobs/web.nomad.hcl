variable "version" {
  type    = string
  default = "1.27"
}

job "web" {
  group "front" {
    network {
      mode = "bridge"
      port "http" { to = 8080 }
    }

    task "nginx" {
      driver = "containerd-driver"

      config {
        image           = "nginx:${var.version}"
        readonly_rootfs = true
        cap_drop        = ["all"]
        cap_add         = ["net_bind_service", "chown", "setuid", "setgid"]
        tmpfs           = ["/var/cache/nginx:size=64m", "/run"]

        mount {
          type     = "bind"
          source   = "local/nginx.conf"
          target   = "/etc/nginx/nginx.conf"
          readonly = true
        }
      }

      env {
        LOG_LEVEL = "info"
      }

      resources {
        cpu    = 200
        memory = 128
      }
    }

    task "exporter" {
      driver = "containerd-driver"

      config {
        image = "nginx-exporter:1.4"
        args  = ["--nginx.scrape-uri=http://127.0.0.1:8080/status"]
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }
  }
}
