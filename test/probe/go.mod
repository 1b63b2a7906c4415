module kernel-agrees/probe

go 1.21
