const mounted = (file: string): object => ({ hostPath: `/usr/lib/${file}`, containerPath: `/usr/lib/${file}`, options: ['ro', 'nosuid', 'nodev', 'bind'] })

const node = (path: string): object => ({ path, hostPath: path })

/** Two graphics cards as the vendor's tool describes them: cards apart, and the driver in the file's own edits. */
export const gpus = {
  cdiVersion: '0.5.0',
  kind: 'nvidia.com/gpu',
  devices: [
    { name: '0', containerEdits: { deviceNodes: [node('/dev/nvidia0'), node('/dev/dri/card1')] } },
    { name: '1', containerEdits: { deviceNodes: [node('/dev/nvidia1')], additionalGids: null } },
    { name: 'all', containerEdits: { deviceNodes: [node('/dev/nvidia0'), node('/dev/nvidia1')] } }
  ],
  containerEdits: {
    env: ['NVIDIA_VISIBLE_DEVICES=void'],
    deviceNodes: [node('/dev/nvidiactl')],
    hooks: [{ hookName: 'createContainer', path: '/usr/bin/nvidia-cdi-hook', args: ['nvidia-cdi-hook', 'update-ldcache'], env: ['DEBUG=false'] }],
    mounts: [mounted('libcuda.so.1'), { hostPath: 'tmpfs', containerPath: '/run', type: 'tmpfs' }]
  }
}

/** One small device that uses every field that this driver honours. */
export const serial = {
  cdiVersion: 'v0.7.0',
  kind: 'vendor.example/serial.port',
  annotations: { site: 'lab' },
  devices: [{
    name: 'A:1',
    annotations: { color: 'red' },
    containerEdits: {
      env: ['PORT=/dev/port', 'EMPTY='],
      deviceNodes: [{ path: '/dev/port', hostPath: '/dev/ttyS0', type: 'c', major: 4, minor: 64, fileMode: 0o660, permissions: 'rw', uid: 0, gid: 20 }],
      mounts: [{ hostPath: '/etc/port', containerPath: '/etc/port', type: 'none', options: ['bind', 'ro'] }],
      hooks: [{ hookName: 'poststop', path: '/bin/reset', timeout: 3 }],
      additionalGids: [0, 20, 20]
    }
  }]
}
