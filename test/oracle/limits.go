package main

import (
	"strconv"

	"github.com/containerd/containerd/v2/pkg/oci"
	"github.com/docker/go-units"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// limits are those of the cgroup.
func limits(task Task) ([]oci.SpecOpts, error) {
	asked := task.Resources
	options := []oci.SpecOpts{oci.WithCPUShares(asked.Shares), oci.WithMemoryLimit(uint64(asked.Memory))}
	if asked.Quota != nil {
		options = append(options, oci.WithCPUCFS(*asked.Quota, asked.Period))
	}
	if asked.Cpus != "" {
		options = append(options, oci.WithCPUs(asked.Cpus))
	}
	if asked.Mems != "" {
		options = append(options, oci.WithCPUsMems(asked.Mems))
	}
	if asked.Pids != nil {
		options = append(options, oci.WithPidsLimit(*asked.Pids))
	}
	if asked.Swap != "" {
		swap, err := bytesOf(asked.Swap)
		if err != nil {
			return nil, err
		}
		options = append(options, oci.WithMemorySwap(swap))
	}
	io, err := blockIO(asked)
	if err != nil {
		return nil, err
	}
	if io != nil {
		options = append(options, oci.WithBlockIO(io))
	}
	rest, err := withoutOption(asked)
	return append(options, rest), err
}

// withoutOption writes what containerd has no option for.
func withoutOption(asked Resources) (oci.SpecOpts, error) {
	reservation, err := bytesOf(asked.Reservation)
	return with(func(spec *oci.Spec) {
		if reservation > 0 {
			spec.Linux.Resources.Memory.Reservation = &reservation
		}
		spec.Linux.Resources.Memory.Swappiness = asked.Swappiness
		spec.Linux.Resources.Unified = asked.Unified
	}), err
}

// bytesOf reads a size as Docker does; "-1" is no limit, and nothing is 0.
func bytesOf(text string) (int64, error) {
	if text == "" || text == "-1" {
		number, _ := strconv.ParseInt(text, 10, 64)
		return number, nil
	}
	return units.RAMInBytes(text)
}

func blockIO(asked Resources) (*specs.LinuxBlockIO, error) {
	io := asked.BlockIO
	if io == nil && len(asked.Rates) > 0 {
		io = &specs.LinuxBlockIO{}
	}
	for _, rate := range asked.Rates {
		amount, err := bytesOf(rate.Amount)
		if err != nil {
			return nil, err
		}
		limit := specs.LinuxThrottleDevice{Rate: uint64(amount)}
		limit.Major, limit.Minor = rate.Major, rate.Minor
		weight := specs.LinuxWeightDevice{}
		weight.Major, weight.Minor = rate.Major, rate.Minor
		switch rate.Of {
		case "weight":
			share := uint16(amount)
			weight.Weight = &share
			io.WeightDevice = append(io.WeightDevice, weight)
		case "readBps":
			io.ThrottleReadBpsDevice = append(io.ThrottleReadBpsDevice, limit)
		case "writeBps":
			io.ThrottleWriteBpsDevice = append(io.ThrottleWriteBpsDevice, limit)
		case "readIOPS":
			io.ThrottleReadIOPSDevice = append(io.ThrottleReadIOPSDevice, limit)
		case "writeIOPS":
			io.ThrottleWriteIOPSDevice = append(io.ThrottleWriteIOPSDevice, limit)
		}
	}
	return io, nil
}
