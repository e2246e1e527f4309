package org.layerwise.study.document;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.study.AnalysisFolder;
import org.layerwise.study.DataSettings;
import org.layerwise.study.ModelNames;
import org.layerwise.study.Run;

/**
 * What a study names and is not where the study says.
 *
 * @param model the model's folder; null if it is there, is a name, or there is none
 * @param data the file or folder of the data; null likewise
 * @param analyses their folders
 * @param runs their folders
 */
public record MissingParts(@Nullable Path model, @Nullable Path data, List<Path> analyses, List<Path> runs) {

    public MissingParts {
        analyses = List.copyOf(analyses);
        runs = List.copyOf(runs);
    }

    /** Looks at the disk. */
    public static MissingParts of(StudyDocument study) {
        return new MissingParts(
                model(study.settings().model().model()),
                data(study.settings().rows().data()),
                study.analyses().stream()
                        .map(StudyDocument.AnalysisPart::folder)
                        .filter(folder -> folder != null && !AnalysisFolder.isOne(folder))
                        .toList(),
                study.runs().stream().filter(folder -> !Run.isRun(folder)).toList());
    }

    private static @Nullable Path model(String name) {
        try {
            if (name.isEmpty() || name.equals(ModelNames.SAMPLE) || ModelNames.isOnHub(name)) {
                return null;
            }
            Path folder = Path.of(name);
            return Files.isDirectory(folder) ? null : folder;
        } catch (UserException e) {
            return Path.of(name); // a path to nothing is not even taken for a name of the hub
        }
    }

    private static @Nullable Path data(String location) {
        if (location.isEmpty() || DataSettings.isSample(location) || location.contains("*")) {
            return null; // a pattern that matches nothing is told of when it is read
        }
        try {
            Path file = Path.of(location);
            return Files.exists(file) ? null : file;
        } catch (InvalidPathException e) {
            return null; // as is a name that no file can have here
        }
    }
}
