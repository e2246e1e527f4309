package org.layerwise.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.layerwise.base.Progress;
import org.layerwise.base.file.Sha256;
import org.layerwise.base.file.TemporaryFolder;
import org.layerwise.remote.ray.RayJobs;

/**
 * Files of the Python program that runs on a cluster, from Layerwise's own resources. Two packages of the same files
 * are equal to the last byte, so that a cluster stores only one.
 *
 * @param files contents by name
 */
record ProgramFiles(Map<String, byte[]> files) {

    /** Name of the script that reports on the Python of the cluster. */
    static final String CHECK = "check.py";

    /** Name of the file with the versions of packages with which jobs were tried, by their names. It stays here. */
    static final String TRIED = "tried.json";

    private static final String FOLDER = "/org/layerwise/remote/job/";

    /** Reads the files with the given names. */
    static ProgramFiles of(List<String> names) {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : names) {
            try (InputStream in = ProgramFiles.class.getResourceAsStream(FOLDER + name)) {
                if (in == null) {
                    throw new IllegalArgumentException("there is no resource " + FOLDER + name);
                }
                files.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new ProgramFiles(files);
    }

    /** Returns the contents of the files by their names. */

    /** Writes the files as a package, at its root. */
    void zip(Path target) throws IOException {
        try (OutputStream out = Files.newOutputStream(target);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setLastModifiedTime(FileTime.fromMillis(0)); // so that the hash depends only on the content
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
    }

    /**
     * Uploads the files to a Ray cluster as a package, unless the cluster already has it.
     *
     * @return the package's address on the cluster
     */
    String upload(RayJobs jobs, Progress progress) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.make("program")) {
            Path zip = folder.path().resolve("program.zip");
            zip(zip);
            return jobs.upload(zip, hash(), progress);
        }
    }

    /** Returns the hash over names and contents, in hexadecimal. */
    String hash() {
        MessageDigest digest = Sha256.digest();
        files.forEach((name, content) -> {
            digest.update((name + "\n" + content.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(content);
        });
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }
}
