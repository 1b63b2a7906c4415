// The probe runs as the process of a container and prints what it sees there, as one JSON document.
//
//	probe ASK [ARG...]         the report; ASK is JSON (type Ask), the ARGs are what the spec wanted to run
//	probe call NAME ARG...     one system call; the exit status is 0 when it came back at all
//	probe hook FILE STAGE ...  appends to FILE how a hook was called
//	probe serve SOCKET         answers one client on a socket, and prints what the client got
//
// But for the last two it changes nothing outside itself: it asks with access(2) and statfs(2) instead of writing, opens no device but
// the harmless ones that every container has, and calls the kernel with arguments that the kernel refuses.
package main

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"syscall"

	"kernel-agrees/probe/limits"
)

// Ask says what to look at beyond what is always reported.
type Ask struct {
	Paths        []string `json:"paths"`
	Destinations []string `json:"destinations"`
	Devices      []Device `json:"devices"`
	Calls        []Call   `json:"calls"`
	Sysctl       []string `json:"sysctl"`
}

// Limit holds decimal numbers: JSON's readers round those above 2^53.
type Limit struct {
	Soft string `json:"soft"`
	Hard string `json:"hard"`
}

// Report is what the kernel answered.
type Report struct {
	Args         []string          `json:"args"`
	Cwd          string            `json:"cwd"`
	Env          []string          `json:"env"`
	Pid          int               `json:"pid"`
	Hostname     string            `json:"hostname"`
	Domainname   string            `json:"domainname"`
	Terminal     bool              `json:"terminal"`
	Status       map[string]string `json:"status"`
	Label        string            `json:"label"`
	UIDMap       [][]int64         `json:"uidMap"`
	GIDMap       [][]int64         `json:"gidMap"`
	OomScoreAdj  int               `json:"oomScoreAdj"`
	Limits       map[string]Limit  `json:"limits"`
	Namespaces   map[string]string `json:"namespaces"`
	Cgroups      []Cgroup          `json:"cgroups"`
	OwnCgroup    map[string]string `json:"ownCgroup"`
	Mounts       []Mount           `json:"mounts"`
	Root         Place             `json:"root"`
	Destinations map[string]Place  `json:"destinations"`
	Paths        map[string]Place  `json:"paths"`
	Devices      []Device          `json:"devices"`
	Opens        map[string]int    `json:"opens"`
	Sysctl       map[string]string `json:"sysctl"`
	Calls        map[string]int    `json:"calls"`
}

func main() {
	switch os.Args[1] {
	case "hook":
		hook(os.Args[2], os.Args[3:])
	case "serve":
		serve(os.Args[2])
	case "call":
		callOnce(os.Args[2], os.Args[3:])
	default:
		var ask Ask
		check(json.Unmarshal([]byte(os.Args[1]), &ask))
		check(json.NewEncoder(os.Stdout).Encode(look(ask)))
	}
}

func look(ask Ask) Report {
	hostname, domainname := uname()
	report := Report{
		Args: os.Args[2:], Cwd: cwd(), Env: strings.FieldsFunc(read("/proc/self/environ"), func(r rune) bool { return r == 0 }),
		Pid: os.Getpid(), Hostname: hostname, Domainname: domainname, Terminal: isTerminal(1),
		Status: status(), Label: strings.Trim(read("/proc/self/attr/current"), "\x00\n"),
		UIDMap: idMap("/proc/self/uid_map"), GIDMap: idMap("/proc/self/gid_map"),
		Limits: map[string]Limit{}, Namespaces: namespaces(), Cgroups: cgroups(), Mounts: mounts(),
		Root: place("/"), Destinations: map[string]Place{}, Paths: map[string]Place{}, Sysctl: map[string]string{}, Calls: map[string]int{},
	}
	report.OwnCgroup = ownCgroup(report.Mounts, report.Cgroups)
	report.OomScoreAdj, _ = strconv.Atoi(strings.TrimSpace(read("/proc/self/oom_score_adj")))
	for name, limit := range limits.All {
		report.Limits[name] = Limit{strconv.FormatUint(limit.Soft, 10), strconv.FormatUint(limit.Hard, 10)}
	}
	for _, path := range ask.Destinations {
		report.Destinations[path] = place(path)
	}
	for _, path := range ask.Paths {
		report.Paths[path] = place(path)
	}
	for _, key := range ask.Sysctl {
		if bytes, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(key, ".", "/")); err == nil {
			report.Sysctl[key] = strings.TrimSpace(string(bytes))
		}
	}
	report.Devices = devices(ask.Devices, report.Mounts)
	report.Opens = opens()
	for _, call := range ask.Calls {
		if outcome, known := call.try(); known {
			report.Calls[call.Name] = outcome
		}
	}
	return report
}

// hook writes one line of JSON: how it was called and with which environment.
func hook(file string, args []string) {
	line, err := json.Marshal(map[string]any{"stage": args[0], "args": args[1:], "env": os.Environ()})
	check(err)
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	check(err)
	_, err = out.Write(append(line, '\n'))
	check(err)
}

func check(err error) {
	if err != nil {
		os.Stderr.WriteString("probe: " + err.Error() + "\n")
		os.Exit(70)
	}
}

func errnoOf(err error) int {
	if errno, ok := err.(syscall.Errno); ok {
		return int(errno)
	}
	return 0
}
