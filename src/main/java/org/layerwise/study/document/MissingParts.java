package org.layerwise.study.document;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.run.Run;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.model.ModelLocator;

/**
 * Files and folders that a study refers to but that do not exist.
 *
 * @param model folder of the model; null if it exists, if the model is given by name, or if there is no model
 * @param data file or folder of the data; null if it exists, or if there are no data files
 * @param analyses missing folders of analyses
 * @param runs missing folders of runs
 */
public record MissingParts(@Nullable Path model, @Nullable Path data, List<Path> analyses, List<Path> runs) {

    public MissingParts {
        analyses = List.copyOf(analyses);
        runs = List.copyOf(runs);
    }

    /** Checks the files and folders of a study on the disk. */
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
            if (name.isEmpty() || name.equals(ModelLocator.SAMPLE) || ModelLocator.isOnHub(name)) {
                return null;
            }
        } catch (UserException e) {
            // not a valid name of a model on the hub, and no such folder exists
        }
        return missing(name, Files::isDirectory);
    }

    private static @Nullable Path data(String location) {
        if (location.isEmpty() || DataSettings.isSample(location) || location.contains("*")) {
            return null; // a pattern without matches is reported when the data are read
        }
        return missing(location, Files::exists);
    }

    private static @Nullable Path missing(String location, Predicate<Path> there) {
        try {
            Path path = Path.of(location);
            return there.test(path) ? null : path;
        } catch (InvalidPathException e) {
            return null; // an invalid path is reported when the model is opened or the data are read
        }
    }
}
