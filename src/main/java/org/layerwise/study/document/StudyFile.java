package org.layerwise.study.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.layerwise.run.FileHash;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;

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
        Path folder = folder(file);
        Json.write(file, toJson(study, new StudyPaths(folder, null)));
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
        String text = Json.pretty(toJson(study, new StudyPaths(folder(file), null)));
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
        return new StudyReader(file, folder(file)).read();
    }

    /** Returns the SHA-256 hash of a file, by which changes of its content are detected; empty if there is no file. */
    public static String fingerprint(Path file) {
        return Files.isRegularFile(file) ? FileHash.sha256(file) : "";
    }

    private static Path folder(Path file) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        return folder == null ? file.toAbsolutePath().getRoot() : folder;
    }

    private static ObjectNode toJson(StudyDocument study, StudyPaths paths) {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("version", VERSION);
        json.put("folder", paths.folder().toString());
        json.set("settings", SettingsJson.write(study.settings(), paths));
        ArrayNode analyses = json.putArray("analyses");
        for (StudyDocument.AnalysisPart part : study.analyses()) {
            if (part.folder() != null) {
                analyses.addObject()
                        .put("number", part.number())
                        .put("folder", paths.written(part.folder()))
                        .put("model", part.model())
                        .put("task", part.task());
            }
        }
        json.set("selection", study.selection() == null ? null : selection(study.selection()));
        ArrayNode kept = json.putArray("kept");
        for (NamedSelection one : study.kept()) {
            ObjectNode node = kept.addObject();
            node.put("name", one.name());
            node.setAll(selection(one.selection()));
        }
        ArrayNode runs = json.putArray("runs");
        study.runs().forEach(run -> runs.add(paths.written(run)));
        StudyDocument.View view = study.view();
        json.putObject("view")
                .put("analysis", view.analysis())
                .put("measure", view.measure())
                .put("run", written(view.run(), paths))
                .put("pane", view.pane());
        return json;
    }

    private static @Nullable String written(@Nullable Path path, StudyPaths paths) {
        return path == null ? null : paths.written(path);
    }

    /**
     * Returns a selection as JSON without the keys that are the same in every selection of a study, or that its
     * analysis contains.
     */
    private static ObjectNode selection(LayerSelection selection) {
        ObjectNode whole = SelectionFile.toJson(SavedSelection.of(selection));
        ObjectNode json = Json.object();
        for (String key : new String[] {"layers", "of", "reason"}) {
            JsonNode value = whole.get(key);
            json.set(key, value);
        }
        return json;
    }
}
