package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// Mount is one line of /proc/self/mountinfo.
type Mount struct {
	Device       string   `json:"device"`
	Root         string   `json:"root"`
	Point        string   `json:"point"`
	Options      []string `json:"options"`
	Tags         []string `json:"tags"`
	Type         string   `json:"type"`
	Source       string   `json:"source"`
	SuperOptions []string `json:"superOptions"`
}

// Place is what a path is and what may be done there. Writing is the errno of asking for it.
type Place struct {
	Kind     string `json:"kind"`
	Device   string `json:"device"`
	Empty    bool   `json:"empty"`
	Readonly bool   `json:"readonly"`
	Nosuid   bool   `json:"nosuid"`
	Nodev    bool   `json:"nodev"`
	Noexec   bool   `json:"noexec"`
	Writing  int    `json:"writing"`
	Bytes    uint64 `json:"bytes"`
}

func mounts() []Mount {
	found := []Mount{}
	for _, line := range lines("/proc/self/mountinfo") {
		before, after, _ := strings.Cut(line, " - ")
		left, right := strings.Split(before, " "), strings.SplitN(after, " ", 3)
		if len(left) < 6 || len(right) < 3 {
			continue
		}
		found = append(found, Mount{
			Device: left[2], Root: unescape(left[3]), Point: unescape(left[4]), Options: strings.Split(left[5], ","),
			Tags: left[6:], Type: right[0], Source: unescape(right[1]), SuperOptions: strings.Split(right[2], ","),
		})
	}
	return found
}

// mountinfo writes blanks, tabs, newlines and backslashes as octal.
func unescape(field string) string {
	return strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`).Replace(field)
}

const (
	stReadonly = 1
	stNosuid   = 2
	stNodev    = 4
	stNoexec   = 8
)

func place(path string) Place {
	var stat syscall.Stat_t
	if err := syscall.Stat(path, &stat); err != nil {
		if errnoOf(err) == int(syscall.ENOENT) || errnoOf(err) == int(syscall.ENOTDIR) {
			return Place{Kind: "absent"}
		}
		return Place{Kind: "unreachable", Writing: errnoOf(err)}
	}
	found := Place{Kind: kind(stat.Mode), Device: device(uint64(stat.Dev)), Writing: errnoOf(syscall.Faccessat(-100, path, 2, 0))}
	var fs syscall.Statfs_t
	if syscall.Statfs(path, &fs) == nil {
		found.Readonly, found.Nosuid = fs.Flags&stReadonly != 0, fs.Flags&stNosuid != 0
		found.Nodev, found.Noexec = fs.Flags&stNodev != 0, fs.Flags&stNoexec != 0
		found.Bytes = fs.Blocks * uint64(fs.Bsize)
	}
	found.Empty = isEmpty(path, found.Kind)
	return found
}

func kind(mode uint32) string {
	switch mode & syscall.S_IFMT {
	case syscall.S_IFDIR:
		return "directory"
	case syscall.S_IFREG:
		return "file"
	case syscall.S_IFCHR:
		return "c"
	case syscall.S_IFBLK:
		return "b"
	case syscall.S_IFIFO:
		return "p"
	}
	return "other"
}

func device(number uint64) string {
	return fmt.Sprintf("%d:%d", major(number), minor(number))
}

func major(number uint64) uint32 { return uint32(number>>8&0xfff | number>>32&^0xfff) }
func minor(number uint64) uint32 { return uint32(number&0xff | number>>12&^0xff) }

// isEmpty opens nothing that might wait or act: directories, files, and /dev/null wherever it is bound.
func isEmpty(path, kind string) bool {
	switch kind {
	case "directory":
		entries, err := os.ReadDir(path)
		return err == nil && len(entries) == 0
	case "file":
		return readsNothing(path)
	case "c":
		var stat syscall.Stat_t
		return syscall.Stat(path, &stat) == nil && device(uint64(stat.Rdev)) == "1:3"
	}
	return false
}

func readsNothing(path string) bool {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	length, err := syscall.Read(fd, make([]byte, 1))
	return err == nil && length == 0
}
