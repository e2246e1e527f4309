package org.layerwise.remote.ssh;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Descriptions of failures of SSH. */
final class SshErrors {

    private SshErrors() {}

    static String reason(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof UnknownHostException || at instanceof UnresolvedAddressException) {
                return "there is no computer of that name";
            }
            if (at instanceof NoRouteToHostException) {
                return "no network leads there";
            }
            if (at instanceof SocketTimeoutException || at instanceof TimeoutException) {
                return "it does not answer";
            }
            if (at instanceof ConnectException) {
                String message = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
                return message.contains("timed out") ? "it does not answer" : "nothing listens on that port";
            }
        }
        Throwable root = thrown;
        while (root.getCause() != null && root.getCause() instanceof IOException) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message.replaceAll("\\.$", "");
    }
}
