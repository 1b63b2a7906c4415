package main

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
)

// Call is a system call by name. Its arguments come from the table in test/laws/kernel/calls.ts, which says why each is
// harmless; only names in `numbers` are ever called. One that is said to be fatal is tried in a process of its own.
type Call struct {
	Name  string   `json:"name"`
	Args  []uint64 `json:"args"`
	Fatal bool     `json:"fatal"`
}

// try gives the errno, or minus the signal that ended the process.
func (call Call) try() (int, bool) {
	number, known := numbers[call.Name]
	if !known {
		return 0, false
	}
	if call.Fatal {
		return call.apart(), true
	}
	return raw(number, call.Args), true
}

func raw(number uintptr, args []uint64) int {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var six [6]uintptr
	for index, arg := range args {
		six[index] = uintptr(arg)
	}
	result, _, errno := syscall.RawSyscall6(number, six[0], six[1], six[2], six[3], six[4], six[5])
	if errno == 0 && returnsFd[number] {
		syscall.Close(int(result))
	}
	return int(errno)
}

func (call Call) apart() int {
	args := []string{"call", call.Name}
	for _, arg := range call.Args {
		args = append(args, strconv.FormatUint(arg, 10))
	}
	child := exec.Command(os.Args[0], args...)
	_ = child.Run()
	if child.ProcessState == nil {
		return 0
	}
	state := child.ProcessState.Sys().(syscall.WaitStatus)
	if state.Signaled() {
		return -int(state.Signal())
	}
	return state.ExitStatus()
}

func callOnce(name string, args []string) {
	numbersOf := []uint64{}
	for _, arg := range args {
		number, err := strconv.ParseUint(arg, 10, 64)
		check(err)
		numbersOf = append(numbersOf, number)
	}
	number, known := numbers[name]
	if known {
		raw(number, numbersOf)
	}
}
