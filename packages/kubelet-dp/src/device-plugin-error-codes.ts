/** What each code means, in a line. A code is never given another meaning. */
export const devicePluginErrorCodes = {
  DEVICE_RESOURCE_NAME_INVALID: 'The kubelet would refuse the name of the resource.',
  DEVICE_SOCKET_NAME_INVALID: 'The stem of the socket names is no file name.',
  DEVICE_SOCKET_PATH_TOO_LONG: 'The path of the socket has more than the 107 bytes that Linux takes.',
  DEVICE_DIRECTORY_MISSING: "The kubelet's directory for device plugins is not there.",
  DEVICE_DIRECTORY_DENIED: "The plugin may not make a socket in the kubelet's directory for device plugins.",
  DEVICE_LISTEN_FAILED: 'The socket of the plugin could not be opened for another reason.',
  DEVICE_REGISTER_FAILED: 'The kubelet did not take the registration.',
  DEVICE_ID_INVALID: 'The id of a device is empty or no text.',
  DEVICE_ID_DUPLICATE: 'Two devices of a list have the same id.',
  DEVICE_HEALTH_INVALID: 'The health of a device is none that the kubelet knows.',
  DEVICE_NUMA_INVALID: 'A NUMA node of a device is no whole number from 0 on.',
  DEVICE_LIST_TOO_LARGE: 'The list of devices could grow beyond the 4 MiB that the kubelet receives.',
  DEVICE_LIST_FAILED: 'The plugin failed to say which devices it has.',
  DEVICE_UNKNOWN: 'Devices are asked for that the plugin does not have.',
  DEVICE_UNHEALTHY: 'Devices are asked for that are not healthy.',
  DEVICE_ALLOCATION_INVALID: 'What the plugin answers for a container cannot be given to one.',
  DEVICE_PREFERENCE_INVALID:
    'The devices that the plugin prefers are not a choice from those it was offered.',
  DEVICE_CALL_FAILED: "The plugin's own code failed.",
} as const;

export type DevicePluginErrorCode = keyof typeof devicePluginErrorCodes;
