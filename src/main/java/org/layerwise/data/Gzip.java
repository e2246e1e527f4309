package org.layerwise.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/** Data files that may be compressed with gzip, which their names say. */
final class Gzip {

    private static final String ENDING = ".gz";
    private static final int PIECE = 1 << 16;

    private Gzip() {}

    static boolean compressed(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    /** The name of a file without the ending that tells of its compression. */
    static String plainName(Path file) {
        String name = file.getFileName().toString();
        return compressed(file) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    /** What is in a file once it is unpacked. */
    static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        if (!compressed(file)) {
            return in;
        }
        try {
            return new GZIPInputStream(in, PIECE);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Makes sure that a compressed file is whole: DuckDB takes one that ends early, or breaks off, for a shorter one.
     *
     * @throws UserException if it is not
     */
    static void requireWhole(Path file, Progress progress) {
        if (!compressed(file)) {
            return;
        }
        byte[] piece = new byte[PIECE];
        try (InputStream in = open(file)) {
            while (in.read(piece) >= 0) {
                progress.check();
            }
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /**
     * A better reason for what went wrong while a file was read: if it is a damaged gzip file, that; else what went wrong.
     */
    static RuntimeException explained(Path file, RuntimeException thrown, Progress progress) {
        if (thrown instanceof UserException) {
            try {
                requireWhole(file, progress);
            } catch (UserException damaged) {
                damaged.addSuppressed(thrown);
                return damaged;
            }
        }
        return thrown;
    }

    /** Why a file cannot be read. */
    static UserException failure(Path file, IOException e) {
        if (compressed(file) && (e instanceof EOFException || e instanceof ZipException)) {
            String what = e instanceof EOFException ? "it ends too early" : "it is no gzip file, or damaged";
            return new UserException("%s cannot be unpacked: %s; copy or download it again.".formatted(file, what), e);
        }
        return new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
    }
}
