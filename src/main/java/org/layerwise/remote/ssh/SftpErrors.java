package org.layerwise.remote.ssh;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** What went wrong with a file, wherever it lies. */
public final class SftpErrors {

    private SftpErrors() {}

    /** Whether there is no such file or folder. */
    public static boolean missing(IOException e) {
        return e instanceof NoSuchFileException
                || e instanceof SftpException sftp
                        && (sftp.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE
                                || sftp.getStatus() == SftpConstants.SSH_FX_NO_SUCH_PATH);
    }

    /** Whether it is the error without a reason that a server gives of a full disk, a quota and much else. */
    public static boolean unexplained(IOException e) {
        return e instanceof SftpException sftp && sftp.getStatus() == SftpConstants.SSH_FX_FAILURE;
    }

    /** Whether the other side has refused, rather than the way to it having broken. */
    public static boolean refused(IOException e) {
        return e instanceof FileSystemException || e instanceof SftpException;
    }
}
