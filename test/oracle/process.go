package main

import (
	"bytes"
	"context"
	// The algorithm of digests.
	_ "crypto/sha256"
	"strconv"
	"strings"

	"github.com/containerd/containerd/v2/core/content"
	"github.com/containerd/containerd/v2/pkg/oci"
	"github.com/docker/go-units"
	"github.com/opencontainers/go-digest"
	image "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/opencontainers/runtime-spec/specs-go"
)

// document is an image that is nothing but its config.
type document []byte

func (d document) Config(context.Context) (image.Descriptor, error) {
	return image.Descriptor{MediaType: image.MediaTypeImageConfig, Digest: digest.FromBytes(d), Size: int64(len(d))}, nil
}

func (d document) ContentStore() content.Store { return store{document: d} }

// store holds the config alone; nothing else is asked of it.
type store struct {
	content.Store
	document document
}

func (s store) ReaderAt(context.Context, image.Descriptor) (content.ReaderAt, error) {
	return blob{bytes.NewReader(s.document)}, nil
}

type blob struct{ *bytes.Reader }

func (blob) Close() error { return nil }

// process is what is run, as whom.
func process(task Task) ([]oci.SpecOpts, error) {
	var options []oci.SpecOpts
	if task.Terminal {
		options = append(options, oci.WithTTY)
	}
	options = append(options, oci.WithImageConfigArgs(document(task.Image), task.Args))
	// An entrypoint of the user's replaces all that the image says to run, as in nerdctl.
	if task.Entrypoint != nil {
		options = append(options, oci.WithProcessArgs(append(emptied(task.Entrypoint), task.Args...)...))
	}
	if task.Init {
		options = append(options, with(func(spec *oci.Spec) {
			spec.Process.Args = append([]string{"/sbin/tini", "--"}, spec.Process.Args...)
		}))
	}
	options = append(options, oci.WithEnv(task.Env))
	if task.Cwd != "" {
		options = append(options, oci.WithProcessCwd(task.Cwd))
	}
	if task.User != "" {
		options = append(options, oci.WithUser(task.User), oci.WithAdditionalGIDs(task.User))
	}
	if len(task.Groups) > 0 {
		options = append(options, oci.WithAppendAdditionalGroups(task.Groups...))
	}
	if task.Umask != "" {
		umask, err := strconv.ParseUint(task.Umask, 8, 32)
		if err != nil {
			return nil, err
		}
		options = append(options, oci.WithUmask(uint32(umask)))
	}
	if task.Hostname != "" {
		options = append(options, oci.WithHostname(task.Hostname))
	}
	if task.Domainname != "" {
		options = append(options, oci.WithDomainname(task.Domainname))
	}
	ulimits, err := rlimits(task.Ulimits)
	options = append(options, ulimits...)
	return append(options, with(func(spec *oci.Spec) { spec.Process.OOMScoreAdj = task.OOMScore })), err
}

// emptied is a list without the one empty word that clears an entrypoint.
func emptied(entrypoint []string) []string {
	if len(entrypoint) == 1 && entrypoint[0] == "" {
		return nil
	}
	return entrypoint
}

func rlimits(texts []string) ([]oci.SpecOpts, error) {
	var options []oci.SpecOpts
	for _, text := range texts {
		limit, err := units.ParseUlimit(strings.ReplaceAll(text, "unlimited", "-1"))
		if err != nil {
			return nil, err
		}
		options = append(options, oci.WithRlimit(&specs.POSIXRlimit{
			Type: "RLIMIT_" + strings.ToUpper(limit.Name), Soft: uint64(limit.Soft), Hard: uint64(limit.Hard),
		}))
	}
	return options, nil
}
