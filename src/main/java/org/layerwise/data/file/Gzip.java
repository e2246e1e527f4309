package org.layerwise.data.file;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/** Data files that may be compressed with gzip, as their names show. */
public final class Gzip {

    private static final String ENDING = ".gz";
    private static final int PIECE = 1 << 16;

    /** Words of DuckDB where a further part of a packed file must begin and does not. */
    private static final String NO_STREAM = "not a GZIP stream";

    private Gzip() {}

    static boolean compressed(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    /** Returns the name of a file without the ending for its compression. */
    static String plainName(Path file) {
        String name = file.getFileName().toString();
        return compressed(file) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    /**
     * Makes sure that no file is the compressed copy of another, as {@code gunzip -k} leaves both.
     *
     * @throws UserException if one is
     */
    static void requireNoCopies(List<Path> files) {
        Set<Path> all = Set.copyOf(files);
        for (Path file : files) {
            Path plain = file.resolveSibling(plainName(file));
            if (compressed(file) && all.contains(plain)) {
                throw new UserException(
                        "%s and %s are one file and its packed copy, whose rows would be read twice; delete one of them, or name one."
                                .formatted(plain, file.getFileName()));
            }
        }
    }

    /** Opens the content of a file, decompressed if necessary. */
    public static InputStream open(Path file) throws IOException {
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
     * Makes sure that a compressed file is complete: DuckDB treats a truncated file as a shorter one.
     *
     * @throws UserException if the file is incomplete
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
     * Returns a clearer exception for an error of reading a file: that of a damaged gzip file if the file is one, or of
     * one with bytes behind its end, which gzip takes and DuckDB refuses; else the given exception.
     */
    static RuntimeException explained(Path file, RuntimeException thrown, Progress progress) {
        if (!(thrown instanceof UserException) || !compressed(file)) {
            return thrown;
        }
        try {
            requireWhole(file, progress);
        } catch (UserException damaged) {
            damaged.addSuppressed(thrown);
            return damaged;
        }
        return String.valueOf(thrown.getMessage()).contains(NO_STREAM)
                ? new UserException(
                        "%s has bytes, such as zeros, behind the end of what is packed in it; unpack it and name the unpacked file."
                                .formatted(file),
                        thrown)
                : thrown;
    }

    /** Returns the exception for a file that cannot be read. */
    static UserException failure(Path file, IOException e) {
        if (compressed(file) && (e instanceof EOFException || e instanceof ZipException)) {
            String what = e instanceof EOFException ? "it ends too early" : "it is no gzip file, or damaged";
            return new UserException("%s cannot be unpacked: %s; copy or download it again.".formatted(file, what), e);
        }
        return new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
    }
}
