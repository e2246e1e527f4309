package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.layerwise.base.file.FileErrors;

/** Descriptions of network failures. */
final class NetworkErrors {

    private NetworkErrors() {}

    /** Returns true if there was no connection to the server at all, so that another attempt hardly helps. */
    static boolean isUnreachable(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof UnknownHostException
                || failure instanceof SSLException;
    }

    /** Returns the reason of a failure, as a clause. */
    static String reason(IOException failure) {
        if (isUnknownHost(failure)) {
            return "its address is not known here";
        }
        if (failure instanceof ConnectException) {
            return "there is no connection";
        }
        if (failure instanceof BodyQueue.Drip || failure instanceof ServerBusyException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof HttpTimeoutException) {
            return "it does not answer";
        }
        if (failure instanceof SSLException) {
            return "no secure connection (" + failure.getMessage() + ")";
        }
        return "the connection was cut (" + FileErrors.reason(failure) + ")";
    }

    private static boolean isUnknownHost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }
}
