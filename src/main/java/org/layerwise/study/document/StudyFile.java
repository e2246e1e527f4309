package org.layerwise.study.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.run.FileHash;

/**
 * Study as a file, {@code NAME.layerwise}: JSON that people can read. Unknown keys are ignored.
 *
 * <pre>{@code
 * {
 *   "format": "layerwise-study", "version": 1, "folder": "/home/ada/studies",    // of the file when it was written
 *   "settings": {                                          // keys of --config; defaults are left out
 *     "model": "./models/bge", "data": "sample:definitions",
 *     "analyze": {"bootstrap": 1000}, "train": {"r": 16}
 *   },
 *   "analyses": [{"number": 1, "folder": "./NAME-files/analyses/1", "model": "bge", "task": "definitions"}],
 *   "selection": {"layers": [2, 3], "of": 4, ...},         // as in selection.json
 *   "kept": [{"name": "half by CKA", "layers": [2, 3], "of": 4, ...}],
 *   "runs": ["./NAME-files/runs/definitions-2-3"],
 *   "experiments": ["./NAME-files/experiments/definitions-20260101-120000"],
 *   "view": {"analysis": 1, "measure": "linear-cka", "run": null, "pane": "analysis"}
 * }
 * }</pre>
 *
 * Paths that begin with {@code ./} are relative to the file's folder. {@code NAME-files} in that folder holds results
 * of the study that are saved nowhere else.
 */
public final class StudyFile {

    /** Version that is written, and the highest that can be read. */
    public static final int VERSION = 1;

    /** Extension of study files. */
    public static final String ENDING = ".layerwise";

    static final String FORMAT = "layerwise-study";

    /** Maximum size of a study file in bytes, far above that of any study; results have folders of their own. */
    private static final long MOST_BYTES = 16L << 20;

    private static final String ADVICE = "Correct the file, or put back what the program wrote.";

    private StudyFile() {}

    /** Returns true if a file has the extension of study files. */
    public static boolean isStudy(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    /** Returns the name of the study in a file. */
    public static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return isStudy(file) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    /** Returns the folder for the analyses and runs of a study that are saved nowhere else. */
    public static Path files(Path file) {
        return file.resolveSibling(name(file) + "-files");
    }

    /**
     * Writes a study. Equal studies at the same path give equal files, byte for byte.
     *
     * @throws UserException if the file cannot be written
     */
    public static void write(Path file, StudyDocument study) {
        JsonRecords.write(file, StudyContent.of(study, new StudyPaths(folder(file), null)));
    }

    /**
     * Result of writing a study.
     *
     * @param study study as it is in the file
     * @param fingerprint {@link StudyFile#fingerprint} of the file
     */
    public record Written(StudyDocument study, String fingerprint) {}

    /**
     * Replaces a study file that was read or written before.
     *
     * @param expected {@link #fingerprint} of the file when it was read or written; null to replace any file
     * @param making creates the study and writes the files that belong to it, which may take long
     * @return study that was written; empty if another program has changed the file meanwhile, which is then kept
     * @throws UserException if the file cannot be written
     */
    public static Optional<Written> replace(Path file, @Nullable String expected, Supplier<StudyDocument> making) {
        if (isAnother(file, expected)) {
            return Optional.empty();
        }
        // an error about the file must show the name that people gave to it
        Path target = WritablePaths.requireFile(file);
        StudyDocument study = making.get();
        String text = Json.pretty(JsonRecords.tree(StudyContent.of(study, new StudyPaths(folder(file), null))));
        try (@Nullable FileLock turn = FileLock.besideFile(target, Progress.none())) {
            if (isAnother(file, expected)) {
                return Optional.empty();
            }
            AtomicFiles.writeString(file, text);
            return Optional.of(new Written(study, FileHash.sha256(text)));
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static boolean isAnother(Path file, @Nullable String expected) {
        String found = fingerprint(file);
        return expected != null && !found.isEmpty() && !found.equals(expected);
    }

    /**
     * Reads a study. The files and folders that it refers to need not exist: see {@link MissingParts}.
     *
     * @throws UserException if the file is missing, is not a study, comes from a newer version, or a
     *     key is missing or of the wrong type; the message names the file and the key
     */
    public static StudyDocument read(Path file) {
        JsonNode json = Json.read(file, MOST_BYTES);
        if (!FORMAT.equals(json.path("format").textValue())) {
            throw new UserException(
                    "%s is no study: a JSON object with \"format\": \"%s\" is expected.".formatted(file, FORMAT));
        }
        if (json.path("version").intValue() > VERSION) {
            throw new UserException(
                    "%s is a study of version %s, and this Layerwise reads up to version %s; update Layerwise."
                            .formatted(file, json.path("version"), VERSION));
        }
        return JsonRecords.of(file, json, StudyContent.class, ADVICE, content -> content.study(file, folder(file)));
    }

    /** Returns the SHA-256 hash of a file, by which changes of its content are detected; empty if there is no file. */
    public static String fingerprint(Path file) {
        return Files.isRegularFile(file) ? FileHash.sha256(file) : "";
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null ? file.toAbsolutePath().getRoot() : folder;
    }
}
