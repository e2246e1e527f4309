package org.layerwise.remote.ssh;

import java.security.PublicKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;

/**
 * Host key, by which a computer proves its identity.
 *
 * @param host host name after {@code ~/.ssh/config} was applied
 * @param type type of the key, such as {@code ssh-ed25519}
 * @param fingerprint fingerprint as {@code ssh-keygen -l} prints it: {@code SHA256:...}
 */
public record HostKey(String host, int port, String type, String fingerprint) {

    static HostKey of(String host, int port, PublicKey key) {
        return new HostKey(host, port, KeyUtils.getKeyType(key), KeyUtils.getFingerPrint(BuiltinDigests.sha256, key));
    }

    /** Returns the name of the computer for users; without the port if that is SSH's default. */
    public String name() {
        return port == 22 ? host : "[" + host + "]:" + port;
    }
}
