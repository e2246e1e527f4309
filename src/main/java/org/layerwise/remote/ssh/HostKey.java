package org.layerwise.remote.ssh;

import java.security.PublicKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;

/**
 * The key by which a computer shows who it is.
 *
 * @param host as it was asked for, after what {@code ~/.ssh/config} says
 * @param type such as {@code ssh-ed25519}
 * @param fingerprint as {@code ssh-keygen -l} prints it: {@code SHA256:...}
 */
public record HostKey(String host, int port, String type, String fingerprint) {

    static HostKey of(String host, int port, PublicKey key) {
        return new HostKey(host, port, KeyUtils.getKeyType(key), KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
    }

    /** As people name the computer: the port is left out where it is SSH's own. */
    public String name() {
        return port == 22 ? host : "[" + host + "]:" + port;
    }
}
