#include "textflag.h"

// func prlimit(number uintptr, into *Limit) uintptr
TEXT ·prlimit(SB), NOSPLIT, $0-24
	MOVD $0, R0
	MOVD number+0(FP), R1
	MOVD $0, R2
	MOVD into+8(FP), R3
	MOVD $261, R8
	SVC
	MOVD R0, ret+16(FP)
	RET
