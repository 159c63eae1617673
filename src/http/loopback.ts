/** All of 127.0.0.0/8 is this machine: it may have several addresses there. */
const LOOPBACK_IPV4 = /^127(?:\.\d{1,3}){3}$/;

/** Whether a host name or address, in lower or upper case, leads to this machine alone; IPv6 with or without brackets. */
export function isLoopbackName(name: string): boolean {
  return LOOPBACK_IPV4.test(name) || ["localhost", "::1", "[::1]"].includes(name.toLowerCase());
}
