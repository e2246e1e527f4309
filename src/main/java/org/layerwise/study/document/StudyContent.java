package org.layerwise.study.document;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Min;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.document.StudyDocument.AnalysisPart;

/** Content of a study file. Its paths are texts as {@link StudyPaths} writes them. */
record StudyContent(
        @JsonProperty(required = true) String format,
        @JsonProperty(required = true) @Min(1) int version,
        @Nullable String folder,
        @Nullable JsonNode settings,
        @Nullable List<Part> analyses,
        @JsonIgnoreProperties("one_hot") @Nullable LayerSelection selection,
        @Nullable List<NamedSelection> kept,
        @Nullable List<String> runs,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<String> experiments,
        @Nullable View view) {

    private static final int MOST_ANALYSES = 1_000_000;

    /** Finished analysis. */
    record Part(
            @Min(1) int number,
            @JsonProperty(required = true) String folder,
            @Nullable String model,
            @Nullable String task) {}

    /** Part of the study that is displayed. */
    record View(@Nullable Integer analysis, @Nullable String measure, @Nullable String run, @Nullable String pane) {

        static final View NONE = new View(null, null, null, null);
    }

    static StudyContent of(StudyDocument study, StudyPaths paths) {
        StudyDocument.View view = study.view();
        return new StudyContent(
                StudyFile.FORMAT,
                StudyFile.VERSION,
                paths.folder().toString(),
                SettingsJson.write(study.settings(), paths),
                study.analyses().stream()
                        .filter(part -> part.folder() != null)
                        .map(part -> new Part(part.number(), paths.written(part.folder()), part.model(), part.task()))
                        .toList(),
                study.selection(),
                study.kept(),
                study.runs().stream().map(paths::written).toList(),
                study.experiments().stream().map(paths::written).toList(),
                new View(
                        view.analysis(),
                        view.measure(),
                        view.run() == null ? null : paths.written(view.run()),
                        view.pane()));
    }

    /**
     * Returns the study.
     *
     * @param file file of the study
     * @param now folder of the file, absolute
     * @throws UserException if a value cannot be used
     */
    StudyDocument study(Path file, Path now) {
        StudyPaths paths = new StudyPaths(now, folder == null ? null : path("folder", folder));
        View shown = requireNonNullElse(view, View.NONE);
        return new StudyDocument(
                settings == null ? StudySettings.usual() : SettingsJson.read(file, settings, paths),
                parts(paths),
                selection,
                requireNonNullElse(kept, List.of()),
                folders("runs", runs, paths),
                folders("experiments", experiments, paths),
                new StudyDocument.View(
                        shown.analysis,
                        shown.measure,
                        shown.run == null ? null : paths.read(path("view.run", shown.run)),
                        shown.pane));
    }

    private static List<Path> folders(String key, @Nullable List<String> written, StudyPaths paths) {
        return requireNonNullElse(written, List.<String>of()).stream()
                .map(folder -> paths.read(path(key, folder)))
                .toList();
    }

    private List<AnalysisPart> parts(StudyPaths paths) {
        Set<Integer> numbers = new HashSet<>(); // the file decides how many there are
        List<AnalysisPart> parts = new ArrayList<>();
        for (Part part : requireNonNullElse(analyses, List.<Part>of())) {
            if (part.number > MOST_ANALYSES) {
                throw new UserException("\"analyses\" has the number %s; one from 1 to %s is expected."
                        .formatted(part.number, MOST_ANALYSES));
            }
            if (!numbers.add(part.number)) {
                throw new UserException("\"analyses\" has the number %s twice.".formatted(part.number));
            }
            parts.add(new AnalysisPart(
                    part.number,
                    paths.read(path("analyses", part.folder)),
                    String.valueOf(part.model),
                    String.valueOf(part.task)));
        }
        return parts;
    }

    private static Path path(String key, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserException("\"%s\" holds \"%s\", which is no path here.".formatted(key, text), e);
        }
    }
}
