#include "textflag.h"

// func prlimit(number uintptr, into *Limit) uintptr
TEXT ·prlimit(SB), NOSPLIT, $0-24
	MOVQ $0, DI
	MOVQ number+0(FP), SI
	MOVQ $0, DX
	MOVQ into+8(FP), R10
	MOVQ $302, AX
	SYSCALL
	MOVQ AX, ret+16(FP)
	RET
