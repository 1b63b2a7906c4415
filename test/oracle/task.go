package main

import (
	"encoding/json"

	"github.com/opencontainers/runtime-spec/specs-go"
)

// Task is what a user of containerd's Go client says about a container, in words. Nothing in it is decided yet that one of
// containerd's options decides. Lists that are null say nothing; sizes and limits are texts such as "64m" and "1:2".
type Task struct {
	ID        string `json:"id"`
	Namespace string `json:"namespace"`

	// The image's config document, and the account files of its root file system.
	Image  json.RawMessage `json:"image"`
	Passwd string          `json:"passwd"`
	Group  string          `json:"group"`

	Entrypoint []string `json:"entrypoint"`
	Args       []string `json:"args"`
	Init       bool     `json:"init"`
	Env        []string `json:"env"`
	Cwd        string   `json:"cwd"`
	Terminal   bool     `json:"terminal"`
	User       string   `json:"user"`
	Groups     []string `json:"groups"`
	Umask      string   `json:"umask"`
	Ulimits    []string `json:"ulimits"`
	OOMScore   *int     `json:"oomScoreAdj"`
	Hostname   string   `json:"hostname"`
	Domainname string   `json:"domainname"`

	Privileged      bool     `json:"privileged"`
	NoNewPrivileges *bool    `json:"noNewPrivileges"`
	CapAdd          []string `json:"capAdd"`
	CapDrop         []string `json:"capDrop"`
	CapAmbient      []string `json:"capAmbient"`
	// What the host can grant.
	Capabilities []string `json:"capabilities"`
	// "default", or the text of a profile in OCI's form.
	Seccomp       string   `json:"seccomp"`
	AppArmor      string   `json:"apparmor"`
	SelinuxLabel  string   `json:"selinuxLabel"`
	MountLabel    string   `json:"mountLabel"`
	MaskedPaths   []string `json:"maskedPaths"`
	ReadonlyPaths []string `json:"readonlyPaths"`

	// By type: "host", "private", or the path of one to join.
	Namespaces map[string]string      `json:"namespaces"`
	IDMappings []specs.LinuxIDMapping `json:"idMappings"`

	ReadonlyRootfs    bool          `json:"readonlyRootfs"`
	RootfsPropagation string        `json:"rootfsPropagation"`
	ShmSize           string        `json:"shmSize"`
	Mounts            []specs.Mount `json:"mounts"`
	// Places where nothing is mounted.
	NotMounted []string `json:"notMounted"`
	// The host's resolv.conf, when the container sees it.
	ResolvConf  string              `json:"resolvConf"`
	Devices     []Device            `json:"devices"`
	HostDevices []specs.LinuxDevice `json:"hostDevices"`
	CDI         CDI                 `json:"cdi"`

	Resources   Resources         `json:"resources"`
	Sysctl      map[string]string `json:"sysctl"`
	Annotations map[string]string `json:"annotations"`
}

// Device is a device node with what the container may do with it.
type Device struct {
	Node   specs.LinuxDevice `json:"node"`
	Access string            `json:"access"`
}

// CDI holds documents as they lie in a directory of CDI files, by file name, and the devices that are wanted of them.
type CDI struct {
	Files   map[string]json.RawMessage `json:"files"`
	Devices []string                   `json:"devices"`
}

// Resources are limits of the cgroup. -1 is no limit.
type Resources struct {
	Shares      uint64              `json:"shares"`
	Quota       *int64              `json:"quota"`
	Period      uint64              `json:"period"`
	Cpus        string              `json:"cpus"`
	Mems        string              `json:"mems"`
	Memory      int64               `json:"memory"`
	Reservation string              `json:"reservation"`
	Swap        string              `json:"swap"`
	Swappiness  *uint64             `json:"swappiness"`
	Pids        *int64              `json:"pids"`
	BlockIO     *specs.LinuxBlockIO `json:"blockIO"`
	Rates       []Rate              `json:"rates"`
	Unified     map[string]string   `json:"unified"`
}

// Rate is the limit of a device, such as "readBps" and "1m".
type Rate struct {
	Of     string `json:"of"`
	Major  int64  `json:"major"`
	Minor  int64  `json:"minor"`
	Amount string `json:"amount"`
}
