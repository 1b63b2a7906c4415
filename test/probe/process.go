package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// Cgroup is one line of /proc/self/cgroup.
type Cgroup struct {
	Controllers string `json:"controllers"`
	Path        string `json:"path"`
}

func read(path string) string {
	bytes, _ := os.ReadFile(path)
	return string(bytes)
}

func lines(path string) []string {
	return strings.FieldsFunc(read(path), func(r rune) bool { return r == '\n' })
}

func status() map[string]string {
	found := map[string]string{}
	for _, line := range lines("/proc/self/status") {
		key, value, _ := strings.Cut(line, ":")
		found[key] = strings.Join(strings.Fields(value), " ")
	}
	return found
}

func idMap(path string) [][]int64 {
	found := [][]int64{}
	for _, line := range lines(path) {
		row := []int64{}
		for _, field := range strings.Fields(line) {
			number, _ := strconv.ParseInt(field, 10, 64)
			row = append(row, number)
		}
		found = append(found, row)
	}
	return found
}

func namespaces() map[string]string {
	found := map[string]string{}
	for _, name := range []string{"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"} {
		if link, err := os.Readlink("/proc/self/ns/" + name); err == nil {
			found[name] = link
		}
	}
	return found
}

func cgroups() []Cgroup {
	found := []Cgroup{}
	for _, line := range lines("/proc/self/cgroup") {
		parts := strings.SplitN(line, ":", 3)
		if len(parts) == 3 {
			found = append(found, Cgroup{parts[1], parts[2]})
		}
	}
	return found
}

// cwd asks the kernel; os.Getwd would believe $PWD.
func cwd() string {
	buffer := make([]byte, 4096)
	length, err := syscall.Getcwd(buffer)
	if err != nil || length == 0 {
		return ""
	}
	return string(buffer[:length-1])
}

func uname() (string, string) {
	var names syscall.Utsname
	if syscall.Uname(&names) != nil {
		return "", ""
	}
	return text(names.Nodename[:]), text(names.Domainname[:])
}

func text[C int8 | uint8](field []C) string {
	bytes := []byte{}
	for _, char := range field {
		if char == 0 {
			break
		}
		bytes = append(bytes, byte(char))
	}
	return string(bytes)
}

func isTerminal(fd uintptr) bool {
	var settings syscall.Termios
	_, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, fd, syscall.TCGETS, uintptr(unsafe.Pointer(&settings)))
	return errno == 0
}
