package org.layerwise.install.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CheckResult;
import org.layerwise.base.UserException;
import org.layerwise.base.file.DiskSpace;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.install.AppFolders;

/** Checks of the folders that the program writes into. */
record FolderChecks(AppFolders folders) {

    /**
     * Minimum of free disk space in bytes before a warning. Unpacked libtorch takes half a gigabyte, and models and
     * runs need additional space.
     */
    private static final long LITTLE = 2L << 30;

    /**
     * Minimum of free space for temporary files in bytes. The library that reads data files is unpacked into the folder
     * of temporary files.
     */
    private static final long LEAST_TEMPORARY = 100L << 20;

    CheckResult folder(String name, Path folder, String variable) {
        try {
            WritablePaths.checkFolder(folder);
            return CheckResult.ok(name, folder.toString());
        } catch (UserException e) {
            return CheckResult.wrong(
                    name,
                    folder + " cannot be written",
                    "Set %s to a folder that can be written, or mend the rights of this one.".formatted(variable));
        }
    }

    CheckResult temporary() throws IOException {
        return temporary(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    CheckResult temporary(Path folder) throws IOException {
        String hint = "Name another folder with JAVA_OPTS=-Djava.io.tmpdir=FOLDER.";
        if (!Files.isDirectory(folder)) {
            return CheckResult.wrong("Temporary files", "there is no folder " + folder, hint);
        }
        try {
            WritablePaths.checkFolder(folder);
        } catch (UserException e) {
            return CheckResult.wrong("Temporary files", folder + " cannot be written", hint);
        }
        long free = free(folder);
        return free < LEAST_TEMPORARY
                ? CheckResult.wrong(
                        "Temporary files", "only %s are free in %s".formatted(ByteSize.of(free), folder), hint)
                : CheckResult.ok("Temporary files", folder.toString());
    }

    CheckResult space() throws IOException {
        long data = free(folders.data());
        long cache = free(folders.cache());
        String text = "%s free for data, %s for the cache".formatted(ByteSize.of(data), ByteSize.of(cache));
        return Math.min(data, cache) < LITTLE
                ? CheckResult.note("Disk space", text, "Models and unpacked libraries take gigabytes; make room.")
                : CheckResult.ok("Disk space", text);
    }

    /** Returns the free bytes on the disk of a folder that may not exist yet. */
    private static long free(Path folder) throws IOException {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return DiskSpace.usable(there);
    }
}
