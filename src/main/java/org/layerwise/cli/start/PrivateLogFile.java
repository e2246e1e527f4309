package org.layerwise.cli.start;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Log file that only its owner can read (mode 0600), since it names folders, data and models. {@code logback.xml} uses
 * this class.
 */
public final class PrivateLogFile extends RollingFileAppender<ILoggingEvent> {

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** Opens the file, at the start and after each rollover. A file of an earlier version is made private, too. */
    @Override
    public void openFile(String name) throws IOException {
        // on systems without POSIX permissions (Windows) the user's folder is private
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            makePrivate(Path.of(name).toAbsolutePath());
        }
        super.openFile(name);
    }

    private void makePrivate(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (FileChannel made = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER))) {
            addInfo("made " + file + ", " + made.size() + " bytes");
        } catch (FileAlreadyExistsException e) {
            restrict(file);
        }
    }

    private void restrict(Path file) {
        try {
            if (!Files.getPosixFilePermissions(file).equals(OWNER)) {
                Files.setPosixFilePermissions(file, OWNER);
            }
        } catch (IOException | UnsupportedOperationException e) {
            addWarn("others may read " + file, e); // some file systems have no permissions, but the log is still needed
        }
    }
}
