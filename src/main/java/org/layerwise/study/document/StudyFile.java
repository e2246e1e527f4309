package org.layerwise.study.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.WholeFiles;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.FileHash;

/**
 * A study as a file, {@code NAME.layerwise}: JSON that people can read. Keys that are not known are passed over.
 *
 * <pre>{@code
 * {
 *   "format": "layerwise-study", "version": 1, "folder": "/home/ada/studies",    // where it was written
 *   "settings": {                                          // keys of --config; what is usual is left out
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
 * Paths that begin with {@code ./} start at the file's folder. {@code NAME-files} beside the file holds what was computed in
 * the study and saved nowhere else.
 */
public final class StudyFile {

    /** The version that is written, and the highest that is read. */
    public static final int VERSION = 1;

    /** What names of study files end in. */
    public static final String ENDING = ".layerwise";

    static final String FORMAT = "layerwise-study";

    private StudyFile() {}

    /** Whether a file is a study by its name. */
    public static boolean isStudy(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    /** What a study in this file is called. */
    public static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return isStudy(file) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    /** Where the analyses and runs of a study lie that lie nowhere else. */
    public static Path files(Path file) {
        return file.resolveSibling(name(file) + "-files");
    }

    /**
     * Writes a study. Equal studies at the same place are equal files, byte for byte.
     *
     * @throws org.layerwise.base.UserException if the place cannot be written
     */
    public static void write(Path file, StudyDocument study) {
        Path folder = folder(file);
        Json.write(file, toJson(study, new StudyPaths(folder, null)));
    }

    /**
     * Tells of a study that was written.
     *
     * @param study as it is in the file
     * @param fingerprint of the file, see {@link StudyFile#fingerprint}
     */
    public record Written(StudyDocument study, String fingerprint) {}

    /**
     * Writes a study in place of what was read or written there before.
     *
     * @param expected the {@link #fingerprint} of that; null to replace whatever is there
     * @param making makes the study and writes what belongs to it, which may take long
     * @return empty if another program has written the file since, which stays as it is
     * @throws org.layerwise.base.UserException if the place cannot be written
     */
    public static Optional<Written> replace(Path file, @Nullable String expected, Supplier<StudyDocument> making) {
        if (isAnother(file, expected)) {
            return Optional.empty();
        }
        // what cannot be written is told by the name that people gave it
        WholeFiles.requireWritableFile(file);
        StudyDocument study = making.get();
        String text = Json.pretty(toJson(study, new StudyPaths(folder(file), null)));
        if (isAnother(file, expected)) {
            return Optional.empty();
        }
        WholeFiles.writeString(file, text);
        return Optional.of(new Written(study, FileHash.sha256(text)));
    }

    private static boolean isAnother(Path file, @Nullable String expected) {
        String found = fingerprint(file);
        return expected != null && !found.isEmpty() && !found.equals(expected);
    }

    /**
     * Reads a study. What it names need not exist: see {@link MissingParts}.
     *
     * @throws org.layerwise.base.UserException if the file is missing, is no study, comes from a newer version, or a key is
     *     missing or of the wrong type; the message names the file and the key
     */
    public static StudyDocument read(Path file) {
        return new StudyReader(file, folder(file)).read();
    }

    /** What a file's content is told apart by; empty where there is none. */
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
        for (KeptSelection one : study.kept()) {
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

    /** Without what is the same in every selection of a study, or is told by its analysis. */
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
