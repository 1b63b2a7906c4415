// Package limits reads the process's resource limits before package syscall raises the one on open files. Go initialises
// packages in the order of their paths as soon as what they import is ready, and this one imports nothing: hence the
// assembly for one system call.
package limits

// Limit is a soft and a hard limit as the kernel counts; 1<<64 - 1 is none.
type Limit struct{ Soft, Hard uint64 }

var names = []string{
	"RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC", "RLIMIT_NOFILE",
	"RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
}

// All holds the limits as they were when the process began.
var All = read()

// prlimit is prlimit64(0, number, NULL, into).
func prlimit(number uintptr, into *Limit) uintptr

func read() map[string]Limit {
	found := map[string]Limit{}
	for number, name := range names {
		limit := new(Limit)
		if prlimit(uintptr(number), limit) == 0 {
			found[name] = *limit
		}
	}
	return found
}
