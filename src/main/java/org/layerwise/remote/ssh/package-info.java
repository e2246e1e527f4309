/**
 * SSH connections by Apache MINA: strictly checked host keys, keys from the agent and from files, commands, files,
 * tunnels.
 */
@NullMarked
package org.layerwise.remote.ssh;

import org.jspecify.annotations.NullMarked;
