package org.layerwise.remote.ssh;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Classification of errors with a file, local or remote. */
public final class SftpErrors {

    private SftpErrors() {}

    /** Returns true if there is no such file or folder. */
    public static boolean missing(IOException e) {
        return e instanceof NoSuchFileException
                || e instanceof SftpException sftp
                        && (sftp.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE
                                || sftp.getStatus() == SftpConstants.SSH_FX_NO_SUCH_PATH);
    }

    /**
     * Returns true if the error is the one without a reason that a server gives for a full disk, a quota and many other
     * faults.
     */
    public static boolean unexplained(IOException e) {
        return e instanceof SftpException sftp && sftp.getStatus() == SftpConstants.SSH_FX_FAILURE;
    }

    /** Returns true if the other side has refused the operation; false if the connection is broken. */
    public static boolean refused(IOException e) {
        return e instanceof FileSystemException || e instanceof SftpException;
    }
}
